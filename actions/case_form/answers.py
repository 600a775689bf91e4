"""One rule for each question of the form: what counts as its answer."""

from collections.abc import Callable, Mapping
from typing import Any

from actions import case_slots as slots
from actions.case_form.heard import Heard, Learnt
from actions.case_form.recognising import (
    PHONE_LIKE,
    is_phrase,
    kind_named,
    kind_word,
    names_a_person,
    names_a_place,
    phone_in,
)
from actions.words import vocabulary, wording
from core.cases.services.submitting import MAX_CONTENT_CHARACTERS
from core.cases.states import NEEDS_CONTACT

FEWEST_CONTENT_CHARACTERS = 6
TELLING_LENGTH = 12  # from here on an opening message tells the matter itself
LONGEST_NAME = 20
LONGEST_PLACE = 200
PUNCTUATION = " ，,。.：:；;、\n"


def from_opening(heard: Heard) -> Learnt:
    """Take from the words that began the form what they already tell."""
    if heard.intent != "open_case":
        return Learnt()
    values: dict[str, Any] = {}
    kind = kind_named(heard.text)
    if kind is not None:
        values[slots.KIND] = kind_word(kind)
    if len(heard.text) >= TELLING_LENGTH and not heard.is_question:
        values[slots.CONTENT] = heard.text[:MAX_CONTENT_CHARACTERS]
    return Learnt(values)


def _kind(heard: Heard) -> Learnt:
    kind = kind_named(heard.text)
    named = {slots.KIND: kind_word(kind)} if kind else {}
    if kind is not None and heard.is_short:
        return Learnt(named)
    if not tells_something(heard):
        return Learnt()
    # The matter itself instead of its kind: keep it, and ask for the kind again.
    noted = {slots.CONTENT: heard.text[:MAX_CONTENT_CHARACTERS]}
    return Learnt(noted | named, ("utter_case_content_noted",))


def _content(heard: Heard) -> Learnt:
    if not tells_something(heard):
        return Learnt()
    is_cut = len(heard.text) > MAX_CONTENT_CHARACTERS
    return Learnt(
        {slots.CONTENT: heard.text[:MAX_CONTENT_CHARACTERS]},
        ("utter_case_content_cut",) if is_cut else (),
    )


def tells_something(heard: Heard) -> bool:
    readable = sum(1 for character in heard.text if character.isalpha())
    return (
        readable >= FEWEST_CONTENT_CHARACTERS
        and len(set(heard.text)) >= FEWEST_CONTENT_CHARACTERS - 1
        and not (heard.is_small_talk and heard.is_short)
    )


def _place(heard: Heard) -> Learnt:
    text = heard.text.strip("。.！! ")
    # May the citizen stay unnamed? Said once, before the name is asked for.
    hint = () if heard.kind in NEEDS_CONTACT else ("utter_case_may_be_anonymous",)
    if is_phrase(text, "nowhere"):
        return Learnt({slots.PLACE: wording()["case"]["nowhere"]}, hint)
    if len(text) > LONGEST_PLACE or not any(character.isalpha() for character in text):
        return Learnt()
    is_doubtful = len(text) < 2 or heard.is_small_talk or heard.is_question
    if is_doubtful and not names_a_place(text):
        return Learnt()
    return Learnt({slots.PLACE: text}, hint)


def _name(heard: Heard) -> Learnt:
    if _wants_no_name(heard):
        return _anonymous(heard)
    phone = phone_in(heard.text)
    name = _name_in(heard.text, phone)
    values: dict[str, Any] = {slots.PHONE: phone} if phone else {}
    is_name = (
        0 < len(name) <= LONGEST_NAME
        and all(character.isalpha() or character in "·. " for character in name)
        and not heard.is_question
        and (bool(phone) or names_a_person(name) or not heard.is_small_talk)
    )
    return Learnt(values | ({slots.NAME: name} if is_name else {}))


def _phone(heard: Heard) -> Learnt:
    if _wants_no_name(heard):
        return _anonymous(heard)
    phone = phone_in(heard.text)
    return Learnt({slots.PHONE: phone} if phone else {})


def _confirmed(heard: Heard) -> Learnt:
    if heard.intent == "affirm" or is_phrase(heard.text, "confirm"):
        return Learnt({slots.CONFIRMED: True})
    return Learnt()


def _wants_no_name(heard: Heard) -> bool:
    return heard.is_short and any(word in heard.text for word in vocabulary()["anonymous"])


def _anonymous(heard: Heard) -> Learnt:
    if heard.kind in NEEDS_CONTACT:
        return Learnt({}, ("utter_case_needs_contact",))
    unnamed = wording()["case"]["anonymous"]
    known_name = heard.known.get(slots.NAME)
    return Learnt({slots.NAME: known_name or unnamed, slots.PHONE: unnamed})


def _name_in(text: str, phone: str | None) -> str:
    """Return the name in what a citizen writes about themselves."""
    if phone:
        text = PHONE_LIKE.sub(" ", text)
        for word in vocabulary()["before_a_phone"]:
            text = text.replace(word, " ")
    text = text.strip(PUNCTUATION)
    for word in vocabulary()["before_a_name"]:
        if text.startswith(word):
            return text[len(word) :].strip(PUNCTUATION)
    return text


ANSWERS: Mapping[str, Callable[[Heard], Learnt]] = {
    slots.KIND: _kind,
    slots.CONTENT: _content,
    slots.PLACE: _place,
    slots.NAME: _name,
    slots.PHONE: _phone,
    slots.CONFIRMED: _confirmed,
}
