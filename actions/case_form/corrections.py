"""A part of the form is to be changed: which one, and to what."""

from actions import case_slots as slots
from actions.case_form.answers import ANSWERS
from actions.case_form.heard import LONGEST_COMMAND, Heard, Learnt
from actions.case_form.recognising import (
    first_named,
    is_phrase,
    kind_named,
    names_a_place,
    phone_in,
)
from actions.words import vocabulary


def wants_correction(heard: Heard) -> bool:
    names_a_change = any(word in heard.text for word in vocabulary()["correction_words"])
    if heard.requested == slots.CONFIRMED:
        return names_a_change or heard.intent == "deny" or is_phrase(heard.text, "refuse")
    # A place or a name can sound like a correction to the language model.
    is_told_shortly = heard.requested != slots.CONTENT or heard.is_short
    return names_a_change and is_told_shortly and heard.intent == "correct_answer"


def corrected(heard: Heard) -> Learnt:
    """Find the part to change, and its new value where it is given in the same breath."""
    was_asked_which = heard.requested == slots.CORRECTION
    if was_asked_which and (
        is_phrase(heard.text, "confirm") or is_phrase(heard.text, "leave_as_it_is")
    ):
        return Learnt({slots.TRIES: 0})
    part, value = first_named(heard.text, vocabulary()["parts"]), _new_value(heard.text)
    if part is None and value is not None:
        part = _part_that_fits(value)
    if part is None:
        return Learnt() if was_asked_which else Learnt(ask_next=slots.CORRECTION)
    if value is not None:
        found = ANSWERS[part](Heard(value, "", part, heard.known)).values.get(part)
        if found is not None:
            return Learnt({part: found}, ("utter_case_corrected",))
    return Learnt({part: None}, ask_next=part)


def _part_that_fits(value: str) -> str | None:
    if phone_in(value):
        return slots.PHONE
    if kind_named(value) and len(value) <= LONGEST_COMMAND:
        return slots.KIND
    return slots.PLACE if names_a_place(value) else None


def _new_value(text: str) -> str | None:
    for word in vocabulary()["change_to"]:
        _, found, value = text.partition(word)
        value = value.strip(' ，,。.：:；;“”"')
        if found and value:
            return value
    return None
