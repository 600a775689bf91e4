"""What goes into the rules of the form, and what comes out of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from actions import case_slots as slots
from actions.case_form.recognising import kind_named
from actions.words import vocabulary
from core.cases.states import CaseKind

CERTAIN = 0.95  # the model knows these very words
LONGEST_COMMAND = 15  # a longer text says something, even if it sounds like a command

# These are never an answer to a question for facts.
SMALL_TALK = frozenset({
    "greet", "thank", "goodbye", "nonsense", "bot_challenge", "ask_capabilities", "affirm", "deny",
    "abuse", "complain_about_answer", "out_of_scope",
})  # fmt: skip


@dataclass(frozen=True)
class Heard:
    """A message, with what the language model took it for."""

    text: str
    intent: str
    requested: str | None  # the slot that was asked for; None when the form begins
    known: Mapping[str, Any] = field(default_factory=dict)
    case_numbers: tuple[str, ...] = ()
    confidence: float = 1.0

    @property
    def kind(self) -> CaseKind | None:
        value = self.known.get(slots.KIND)
        return kind_named(value) if value else None

    @property
    def is_question(self) -> bool:
        return any(word in self.text for word in vocabulary()["question_words"])

    @property
    def is_short(self) -> bool:
        return len(self.text) <= LONGEST_COMMAND

    @property
    def is_certain(self) -> bool:
        return self.confidence >= CERTAIN

    @property
    def is_small_talk(self) -> bool:
        return self.intent in SMALL_TALK


@dataclass(frozen=True)
class Learnt:
    """`values` to remember, None to forget and ask again; `responses` to say first."""

    values: Mapping[str, Any] = field(default_factory=dict)
    responses: tuple[str, ...] = ()
    ask_next: str | None = None  # otherwise the first part that is still missing

    @property
    def is_progress(self) -> bool:
        return bool(self.values) or self.ask_next is not None
