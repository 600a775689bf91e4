"""What a pipeline understood, told in one way whichever pipeline it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nlu.chances import OFFERED
from nlu.decision import FALLBACK, FAQ, FAQ_UNSURE
from nlu.labels import REFUSALS


@dataclass(frozen=True)
class Understood:
    ranking: tuple[str, ...]  # best guess first, whatever was done with it
    answered: str | None  # what it acted upon, if it did
    offered: tuple[str, ...]  # questions it would show instead
    in_scope: float  # its confidence that the message is anything the desk knows
    milliseconds: float = 0.0

    @property
    def best(self) -> str | None:
        return self.ranking[0] if self.ranking else None

    @property
    def is_refusal(self) -> bool:
        return not self.offered and (self.answered is None or self.answered in REFUSALS)


def understood(
    parsed: Mapping[str, Any], labels: Mapping[str, str], milliseconds: float = 0.0
) -> Understood:
    """Read what Rasa returns for one message; `labels` leads from its names to ours."""
    intent = (parsed.get("intent") or {}).get("name")
    confidence = (parsed.get("intent") or {}).get("confidence") or 0.0
    questions = _questions(parsed)
    ranked = _spread(parsed, questions)
    acted_upon = questions[0][0] if intent == FAQ and questions else intent
    has_acted = acted_upon is not None and acted_upon not in {FAQ, FAQ_UNSURE, FALLBACK}
    names = [name for name, _ in ranked]
    # A rule may act upon something else than what is ranked first.
    if has_acted and acted_upon in labels:
        names = [acted_upon, *(name for name in names if name != acted_upon)]
    scores = [score for name, score in ranked if name not in REFUSALS]
    if has_acted and acted_upon not in REFUSALS and intent != FAQ:
        scores.append(confidence)
    # Our own classifier tells this chance apart; of others the best confidence must do.
    in_scope = parsed.get("in_scope")
    return Understood(
        ranking=tuple(labels.get(name, name) for name in names),
        answered=labels.get(acted_upon, acted_upon) if has_acted else None,
        offered=tuple(labels.get(name, name) for name, _ in questions[:OFFERED])
        if intent == FAQ_UNSURE
        else (),
        in_scope=max(scores, default=0.0) if in_scope is None else in_scope,
        milliseconds=milliseconds,
    )


def _questions(parsed: Mapping[str, Any]) -> list[tuple[str, float]]:
    """Return the questions of the FAQ that a response selector ranked, best first."""
    for found in (parsed.get("response_selector") or {}).values():
        if isinstance(found, dict):
            return [
                (item["intent_response_key"], item["confidence"])
                for item in found.get("ranking") or []
            ]
    return []


def _spread(
    parsed: Mapping[str, Any], questions: list[tuple[str, float]]
) -> list[tuple[str, float]]:
    """Put the single questions in the place of the one intent that Rasa ranks for them all."""
    ranked: list[tuple[str, float]] = []
    for item in parsed.get("intent_ranking") or []:
        name, confidence = item["name"], item["confidence"]
        if name == FAQ:
            ranked += [(question, confidence * chance) for question, chance in questions]
        elif name != FALLBACK:
            ranked.append((name, confidence))
    has_spread = any(item["name"] == FAQ for item in parsed.get("intent_ranking") or [])
    return sorted(ranked, key=lambda item: -item[1]) if has_spread else ranked
