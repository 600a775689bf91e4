"""How a message is read: one decision from the ranker, or several questions in one message."""

from __future__ import annotations

from nlu import several
from nlu.decision import FALLBACK, FAQ, FAQ_UNSURE, Decision, Thresholds, decide
from nlu.ranker import QuestionRanker


def read(
    ranker: QuestionRanker, text: str, thresholds: Thresholds, *, length: int, nearest: int = 0
) -> Decision:
    ranking = ranker.rank(text, max(several.SUPPORT, length), nearest=nearest)
    decision = decide(text, ranking, thresholds)
    if decision.intent not in {FAQ, FAQ_UNSURE, FALLBACK}:
        return decision
    supported = {item.label for item in ranking.questions}

    def surest(part: str) -> str | None:
        found = decide(part, ranker.rank(part, 2), thresholds)
        label = found.ranking.items[0].label if found.intent == FAQ else None
        return label if label in supported else None

    return decision.asking(several.questions_in(text, surest, ranker.topic_of, ranker.subjects))
