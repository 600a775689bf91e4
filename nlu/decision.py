"""From a ranking to what the dialogue goes by: one intent, or none that is likely enough."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nlu.ranker import Ranked, Ranking

FAQ = "faq"
FAQ_UNSURE = "faq_unsure"
FOLLOW_UP = "ask_details"
LODGE = "open_case"
DANGER = "emergency"
FALLBACK = "nlu_fallback"
NOTHING_TO_READ = "nonsense"
NOT_COVERED = "not_covered"  # a matter of the office's that the store has no answer for

# Said of something that is happening now; a citizen in danger must not get a list of questions.
_DANGER = re.compile(
    r"着火了|起火了|失火|救命|救火|爆炸了|(?:煤|燃|天然)气(?:泄漏|漏气|泄露|味)|漏气了"
    r"|不想活|活不下去|活着没意思|想死|死了算了|轻生|想自杀|要自杀|跳楼|割腕|喝农药|吃了.{0,4}安眠药"
    r"|持刀|拿刀|砍人|捅人|抢劫|绑架|晕倒|昏迷|没有?呼吸|溺水|落水|触电|被困"
)
# The same words in a question about rules, claims or rumours.
_HARMLESS = re.compile(
    r"补偿|赔偿|报销|保险|怎么预防|如何预防|证明|补贴|救助金|立案|判|罚|演练|宣传"
)
# Who says so wants the matter on record, not an answer to "where do I complain?".
_LODGES = re.compile(
    r"^(?:你好|您好)?[，,！!。\s]*(?:我们?|俺|本人)?(?:要|想|来)(?:投诉|举报|反映|反应|检举)"
)
_ASKS = re.compile(r"[?？吗呢]|怎么|怎样|如何|哪|谁|啥|什么|多久|能不能|可以不|是否")


@dataclass(frozen=True)
class Thresholds:
    """Chances of being right, see `nlu/calibration.py`."""

    sure: float  # from here on a question is answered outright
    offer: float  # that the question is among three: from here on they are offered
    wish: float  # from here on anything else is acted upon
    follow_up: float  # a question that names no matter must surely be about the last answer


@dataclass(frozen=True)
class Decision:
    intent: str
    confidence: float
    ranking: Ranking
    also_asked: tuple[str, ...] = ()  # labels of further questions in the same message

    def asking(self, labels: Sequence[str]) -> Decision:
        """Return the decision for a message that surely asks these questions, in this order."""
        if not labels:
            return self
        likely = {item.label: item for item in self.ranking.items}
        rest = [item for item in self.ranking.items if item.label != labels[0]]
        ranking = replace(self.ranking, items=(likely[labels[0]], *rest))
        return Decision(
            FAQ, max(self.confidence, likely[labels[0]].confidence), ranking, tuple(labels[1:])
        )


def decide(text: str, ranking: Ranking, thresholds: Thresholds) -> Decision:
    if not ranking.items:
        return Decision(NOTHING_TO_READ, 1.0, ranking)
    best = ranking.items[0]
    intent, confidence = _best_intent(text, best, ranking, thresholds)
    if intent != DANGER and _DANGER.search(text) and not _HARMLESS.search(text):
        likely = next((item for item in ranking.items if item.label == DANGER), None)
        return Decision(DANGER, max(likely.confidence if likely else 0.0, thresholds.wish), ranking)
    return Decision(intent, confidence, ranking)


def _best_intent(
    text: str, best: Ranked, ranking: Ranking, thresholds: Thresholds
) -> tuple[str, float]:
    if best.is_question and _LODGES.search(text) and not _ASKS.search(text):
        return LODGE, best.confidence
    if best.is_question and best.confidence >= thresholds.sure:
        return FAQ, best.confidence
    if not best.is_question and best.confidence >= _needed(best.label, thresholds):
        return FALLBACK if best.label == NOT_COVERED else best.label, best.confidence
    if ranking.questions and ranking.among_offered >= thresholds.offer:
        return FAQ_UNSURE, ranking.among_offered
    return FALLBACK, best.confidence


def _needed(label: str, thresholds: Thresholds) -> float:
    return thresholds.follow_up if label == FOLLOW_UP else thresholds.wish
