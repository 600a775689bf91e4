"""From a ranking to what the dialogue goes by: one intent, or none that is likely enough."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlu.ranker import Ranked

FAQ = "faq"
FAQ_UNSURE = "faq_unsure"
FALLBACK = "nlu_fallback"
NOTHING_TO_READ = "nonsense"

# Said of something that is happening now; a citizen in danger must not get a list of questions.
_DANGER = re.compile(
    r"着火了|起火了|失火|救命|救火|爆炸了|(?:煤|燃|天然)气(?:泄漏|漏气|泄露|味)|漏气了"
    r"|不想活|想自杀|要自杀|跳楼|割腕|喝农药|吃了.{0,4}安眠药"
    r"|持刀|拿刀|砍人|捅人|抢劫|绑架|晕倒|昏迷|没有?呼吸|溺水|落水|触电|被困"
)
# The same words in a question about rules, claims or rumours.
_HARMLESS = re.compile(
    r"补偿|赔偿|报销|保险|怎么预防|如何预防|证明|补贴|救助金|立案|判|罚|演练|宣传"
)


@dataclass(frozen=True)
class Thresholds:
    sure: float  # from here on a question is answered outright
    unsure: float  # from here on questions are offered to choose from
    wish: float  # from here on anything else is acted upon


@dataclass(frozen=True)
class Decision:
    intent: str
    confidence: float
    ranking: list[Ranked]


def decide(text: str, ranking: Sequence[Ranked], thresholds: Thresholds) -> Decision:
    if not ranking:
        return Decision(NOTHING_TO_READ, 1.0, [])
    best = ranking[0]
    if best.label != "emergency" and _DANGER.search(text) and not _HARMLESS.search(text):
        likely = next((item for item in ranking if item.label == "emergency"), None)
        confidence = max(likely.confidence if likely else 0.0, thresholds.wish)
        return Decision("emergency", confidence, list(ranking))
    if is_question(best):
        if best.confidence >= thresholds.sure:
            return Decision(FAQ, best.confidence, list(ranking))
    elif best.confidence >= thresholds.wish:
        return Decision(best.label, best.confidence, list(ranking))
    question = next((item for item in ranking if is_question(item)), None)
    if question is not None and question.confidence >= thresholds.unsure:
        return Decision(FAQ_UNSURE, question.confidence, list(ranking))
    return Decision(FALLBACK, best.confidence, list(ranking))


def is_question(item: Ranked) -> bool:
    return item.label.startswith(FAQ + "/")
