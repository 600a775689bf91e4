"""What a citizen's words mean while a case is being filled in.

Plain rules without Rasa or database: in go the words and what is known so far, out
comes what was learnt from them, or that they are not an answer at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from actions import case_slots as slots
from actions.words import vocabulary, wording
from core.cases.services.submitting import MAX_CONTENT_CHARACTERS, PHONE
from core.cases.states import NEEDS_CONTACT, CaseKind

TRIES_BEFORE_A_PERSON = 2
FEWEST_CONTENT_CHARACTERS = 6
LONGEST_COMMAND = 15  # a longer text says something, even if it sounds like a command
LONGEST_QUESTION = 40
TELLING_LENGTH = 12  # from here on an opening message tells the matter itself
LONGEST_NAME = 20
LONGEST_PLACE = 200

# These leave the form to the rules of the dialogue.
COMMANDS = frozenset({"cancel", "request_human"})
ABOUT_A_CASE = frozenset({"case_status", "urge_case"})
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

    @property
    def kind(self) -> CaseKind | None:
        value = self.known.get(slots.KIND)
        return kind_named(value) if value else None

    @property
    def is_question(self) -> bool:
        return any(word in self.text for word in vocabulary()["question_words"])


@dataclass(frozen=True)
class Learnt:
    """`values` to remember, None to forget and ask again; `responses` to say first."""

    values: Mapping[str, Any] = field(default_factory=dict)
    responses: tuple[str, ...] = ()
    ask_next: str | None = None  # otherwise the first part that is still missing

    @property
    def is_progress(self) -> bool:
        return bool(self.values) or self.ask_next is not None


def listen(heard: Heard) -> Learnt | None:
    """Return what was learnt, nothing (not understood), or None: not for the form."""
    if heard.requested is None:
        return _from_opening(heard)
    if _is_for_the_rules(heard):
        return None
    if heard.requested == slots.CORRECTION or _wants_correction(heard):
        return _corrected(heard)
    return _ANSWERS[heard.requested](heard)


def kind_named(text: str) -> CaseKind | None:
    """Return the kind that is named first."""
    listed = vocabulary()["kind_by_number"].get(text.strip(" .、号"))
    if listed:
        return CaseKind(listed)
    places = {
        kind: min((text.find(word) for word in words if word in text), default=-1)
        for kind, words in vocabulary()["kinds"].items()
    }
    named = {kind: place for kind, place in places.items() if place >= 0}
    return CaseKind(min(named, key=named.__getitem__)) if named else None


def kind_word(kind: CaseKind) -> str:
    word: str = vocabulary()["kinds"][kind][0]
    return word


def phone_in(text: str) -> str | None:
    """Return the phone number in the text, without spaces and dashes."""
    for run in re.findall(r"\+?\d[\d\s-]{5,}\d", text):
        digits = re.sub(r"[\s-]", "", run).removeprefix("+86")
        if PHONE.fullmatch(digits):
            return digits
    return None


def masked_phone(phone: str) -> str:
    return f"{phone[:3]}****{phone[-4:]}" if phone.isdigit() else phone


# --- what is not an answer -------------------------------------------------------------------


def _is_for_the_rules(heard: Heard) -> bool:
    is_telling = heard.requested == slots.CONTENT
    if heard.intent == "emergency":
        return True
    if heard.intent in COMMANDS:
        return len(heard.text) <= LONGEST_COMMAND or not is_telling
    if heard.intent in ABOUT_A_CASE:
        return bool(heard.case_numbers) or (len(heard.text) <= LONGEST_COMMAND and not is_telling)
    if heard.intent == "faq":
        return heard.is_question and len(heard.text) <= LONGEST_QUESTION
    if heard.intent in {"express_distress", "abuse"}:
        return not is_telling or len(heard.text) < FEWEST_CONTENT_CHARACTERS
    return False


def _wants_correction(heard: Heard) -> bool:
    if heard.requested == slots.CONFIRMED:
        return heard.intent in {"correct_answer", "deny"} or _same(heard.text, "refuse")
    return heard.intent == "correct_answer" and (
        heard.requested != slots.CONTENT or len(heard.text) <= LONGEST_COMMAND
    )


# --- answers ---------------------------------------------------------------------------------


def _from_opening(heard: Heard) -> Learnt:
    """Take from the words that began the form what they already tell."""
    values: dict[str, Any] = {}
    if heard.intent != "open_case":
        return Learnt()
    kind = kind_named(heard.text)
    if kind is not None:
        values[slots.KIND] = kind_word(kind)
    if len(heard.text) >= TELLING_LENGTH and not heard.is_question:
        values[slots.CONTENT] = heard.text[:MAX_CONTENT_CHARACTERS]
    return Learnt(values)


def _kind(heard: Heard) -> Learnt:
    kind = kind_named(heard.text)
    if kind is not None and len(heard.text) <= LONGEST_COMMAND:
        return Learnt({slots.KIND: kind_word(kind)})
    if _tells_something(heard):
        # The matter itself instead of its kind: keep it, and ask for the kind again.
        values = {slots.CONTENT: heard.text[:MAX_CONTENT_CHARACTERS]}
        return Learnt(values | ({slots.KIND: kind_word(kind)} if kind else {}))
    return Learnt()


def _content(heard: Heard) -> Learnt:
    if not _tells_something(heard):
        return Learnt()
    is_cut = len(heard.text) > MAX_CONTENT_CHARACTERS
    return Learnt(
        {slots.CONTENT: heard.text[:MAX_CONTENT_CHARACTERS]},
        ("utter_case_content_cut",) if is_cut else (),
    )


def _tells_something(heard: Heard) -> bool:
    readable = sum(1 for character in heard.text if character.isalpha())
    is_small_talk = heard.intent in SMALL_TALK and len(heard.text) <= LONGEST_COMMAND
    return (
        readable >= FEWEST_CONTENT_CHARACTERS
        and len(set(heard.text)) >= FEWEST_CONTENT_CHARACTERS - 1
        and not is_small_talk
    )


def _place(heard: Heard) -> Learnt:
    text = heard.text.strip("。.！! ")
    # May the citizen stay unnamed? Said once, before the name is asked for.
    hint = () if heard.kind in NEEDS_CONTACT else ("utter_case_may_be_anonymous",)
    if _same(text, "nowhere"):
        return Learnt({slots.PLACE: wording()["case"]["nowhere"]}, hint)
    if len(text) > LONGEST_PLACE or not any(character.isalpha() for character in text):
        return Learnt()
    is_place = any(word in text for word in vocabulary()["places"])
    if not is_place and (len(text) < 2 or heard.intent in SMALL_TALK or heard.is_question):
        return Learnt()
    return Learnt({slots.PLACE: text}, hint)


def _name(heard: Heard) -> Learnt:
    if _wants_no_name(heard):
        return _anonymous(heard)
    phone = phone_in(heard.text)
    name = _without(heard.text, phone)
    values: dict[str, Any] = {slots.PHONE: phone} if phone else {}
    is_name = (
        0 < len(name) <= LONGEST_NAME
        and all(character.isalpha() or character in "·. " for character in name)
        and not heard.is_question
        and (bool(phone) or heard.intent not in SMALL_TALK)
    )
    return Learnt(values | ({slots.NAME: name} if is_name else {}))


def _phone(heard: Heard) -> Learnt:
    if _wants_no_name(heard):
        return _anonymous(heard)
    phone = phone_in(heard.text)
    return Learnt({slots.PHONE: phone} if phone else {})


def _confirmed(heard: Heard) -> Learnt:
    if heard.intent == "affirm" or _same(heard.text, "confirm"):
        return Learnt({slots.CONFIRMED: True})
    return Learnt()


def _wants_no_name(heard: Heard) -> bool:
    return len(heard.text) <= LONGEST_COMMAND and any(
        word in heard.text for word in vocabulary()["anonymous"]
    )


def _anonymous(heard: Heard) -> Learnt:
    if heard.kind in NEEDS_CONTACT:
        return Learnt({}, ("utter_case_needs_contact",))
    unnamed = wording()["case"]["anonymous"]
    known_name = heard.known.get(slots.NAME)
    return Learnt({slots.NAME: known_name or unnamed, slots.PHONE: unnamed})


def _without(text: str, phone: str | None) -> str:
    """Return the name in what a citizen writes about themselves."""
    if phone:
        text = re.sub(r"\+?\d[\d\s-]{5,}\d", " ", text)
        for word in vocabulary()["before_a_phone"]:
            text = text.replace(word, " ")
    text = text.strip(" ，,。.：:；;、\n")
    for word in vocabulary()["before_a_name"]:
        if text.startswith(word):
            text = text[len(word) :]
            break
    return text.strip(" ，,。.：:；;、\n")


# --- corrections -----------------------------------------------------------------------------


def _corrected(heard: Heard) -> Learnt:
    """Find the part to change, and its new value where it is given in the same breath."""
    part, value = part_named(heard.text), _new_value(heard.text)
    if part is None and value is not None:
        part = _part_that_fits(value)
    if part is None:
        if heard.requested == slots.CORRECTION:
            return Learnt()
        return Learnt(ask_next=slots.CORRECTION)
    if value is None:
        return Learnt({part: None}, ask_next=part)
    again = Heard(value, "", part, heard.known)
    found = _ANSWERS[part](again)
    if found.values.get(part) is None:
        return Learnt({part: None}, ask_next=part)
    return Learnt({part: found.values[part]}, ("utter_case_corrected",))


def part_named(text: str) -> str | None:
    for part, words in vocabulary()["parts"].items():
        if any(word in text for word in words):
            name: str = part
            return name
    return None


def _part_that_fits(value: str) -> str | None:
    if phone_in(value):
        return slots.PHONE
    if kind_named(value) and len(value) <= LONGEST_COMMAND:
        return slots.KIND
    if any(word in value for word in vocabulary()["places"]):
        return slots.PLACE
    return None


def _new_value(text: str) -> str | None:
    for word in vocabulary()["change_to"]:
        _, found, value = text.partition(word)
        value = value.strip(' ，,。.：:；;“”"')
        if found and value:
            return value
    return None


def _same(text: str, words: str) -> bool:
    return text.strip("。.！!，, ").lower() in vocabulary()[words]


_ANSWERS: Mapping[str, Callable[[Heard], Learnt]] = {
    slots.KIND: _kind,
    slots.CONTENT: _content,
    slots.PLACE: _place,
    slots.NAME: _name,
    slots.PHONE: _phone,
    slots.CONFIRMED: _confirmed,
}
