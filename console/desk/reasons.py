"""Why the bot said what it said, as staff read it under its words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from console import wording

FAQ_PREFIX = "faq/"
SHOWN_RANKS = 5


@dataclass(frozen=True)
class Guess:
    """An intent the bot considered; its title is the question when it is one of the FAQ."""

    intent: str
    confidence: float
    title: str


@dataclass(frozen=True)
class Nearest:
    """A known way of asking that spoke for the answer, and how alike it is: 1 is the same."""

    text: str
    title: str
    likeness: float


@dataclass(frozen=True)
class Source:
    document: str
    article: str = ""


@dataclass(frozen=True)
class Reason:
    kind: str
    detail: str
    slug: str
    version: int | None
    question: str
    sources: tuple[Source, ...]
    guesses: tuple[Guess, ...]
    nearest: tuple[Nearest, ...]
    also_asked: tuple[str, ...]
    entities: tuple[tuple[str, str], ...]
    model: str

    @property
    def title(self) -> str:
        return wording.bot()["kinds"].get(self.kind, self.kind)

    @property
    def best(self) -> Guess | None:
        return self.guesses[0] if self.guesses else None

    @property
    def is_empty(self) -> bool:
        return not (self.kind or self.guesses or self.entities)


def reason_of(
    understanding: Mapping[str, Any], reason: Mapping[str, Any], questions: Mapping[str, str]
) -> Reason | None:
    """Read what the bot stored; `questions` gives the words of FAQ entries by slug.

    None when there is nothing to tell.
    """
    slug = str(reason.get("slug") or "")
    found = Reason(
        kind=str(reason.get("kind") or ""),
        detail=_detail(reason),
        slug=slug,
        version=reason.get("version"),
        question=questions.get(slug) or str(reason.get("question") or ""),
        sources=tuple(_source(document) for document in reason.get("documents") or ()),
        guesses=tuple(_guesses(understanding, questions)),
        nearest=tuple(_nearest(understanding, questions)),
        also_asked=tuple(_title(label, questions) for label in _also_asked(understanding)),
        entities=tuple(entities_of(understanding)),
        model=str(understanding.get("model") or ""),
    )
    return None if found.is_empty else found


def slugs_in(understanding: Mapping[str, Any], reason: Mapping[str, Any]) -> set[str]:
    """Return the FAQ entries that are named, so that their questions can be looked up."""
    intents = [
        understanding.get("intent"),
        *(rank.get("intent") for rank in _ranks(understanding)),
        *(form.get("label") for form in _forms(understanding)),
        *_also_asked(understanding),
    ]
    slugs = {str(intent).removeprefix(FAQ_PREFIX) for intent in intents if _is_faq(intent)}
    return slugs | ({str(reason["slug"])} if reason.get("slug") else set())


def entities_of(understanding: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what was found in the words: its name for staff, and its value."""
    names = wording.bot()["entities"]
    return [
        (names.get(entity["entity"], str(entity["entity"])), str(entity.get("value") or ""))
        for entity in understanding.get("entities") or ()
        if isinstance(entity, Mapping) and entity.get("entity")
    ]


def _detail(reason: Mapping[str, Any]) -> str:
    """Return the one fact besides, if the kind of reason has one."""
    if reason.get("part"):
        return wording.bot()["parts"].get(str(reason["part"]), "")
    if reason.get("code"):
        return wording.say(str(reason["code"])) or ""
    if reason.get("reason"):
        return wording.labels()["HandoffReason"].get(str(reason["reason"]), "")
    return str(reason.get("number") or "")


def _guesses(understanding: Mapping[str, Any], questions: Mapping[str, str]) -> list[Guess]:
    ranks = _ranks(understanding)
    if not ranks and understanding.get("intent"):
        ranks = [understanding]
    return [
        Guess(
            intent=str(rank.get("intent") or ""),
            confidence=float(rank.get("confidence") or 0),
            title=_title(str(rank.get("intent") or ""), questions),
        )
        for rank in ranks[:SHOWN_RANKS]
    ]


def _nearest(understanding: Mapping[str, Any], questions: Mapping[str, str]) -> list[Nearest]:
    return [
        Nearest(
            text=str(form.get("text") or ""),
            title=_title(str(form.get("label") or ""), questions),
            likeness=float(form.get("likeness") or 0),
        )
        for form in _forms(understanding)
    ]


def _forms(understanding: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return [form for form in understanding.get("nearest") or () if isinstance(form, Mapping)]


def _also_asked(understanding: Mapping[str, Any]) -> list[str]:
    return [str(label) for label in understanding.get("also_asked") or ()]


def _title(intent: str, questions: Mapping[str, str]) -> str:
    if _is_faq(intent):
        return questions.get(intent.removeprefix(FAQ_PREFIX), intent)
    return wording.bot()["intents"].get(intent, intent)


def _ranks(understanding: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return [rank for rank in understanding.get("ranking") or () if isinstance(rank, Mapping)]


def _is_faq(intent: object) -> bool:
    return isinstance(intent, str) and intent.startswith(FAQ_PREFIX)


def _source(document: object) -> Source:
    if isinstance(document, Mapping):
        return Source(
            str(document.get("document") or document.get("title") or ""),
            str(document.get("article") or ""),
        )
    return Source(str(document))
