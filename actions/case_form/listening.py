"""Tell an answer from a correction, and both from what is not for the form at all."""

from actions import case_slots as slots
from actions.case_form.answers import ANSWERS, FEWEST_CONTENT_CHARACTERS, from_opening
from actions.case_form.corrections import corrected, wants_correction
from actions.case_form.heard import Heard, Learnt
from actions.case_form.recognising import names_a_person, names_a_place, phone_in

LONGEST_QUESTION = 40

COMMANDS = frozenset({"cancel", "request_human"})
ABOUT_A_CASE = frozenset({"case_status", "urge_case"})
UPSET = frozenset({"express_distress", "abuse"})


def listen(heard: Heard) -> Learnt | None:
    """Return what was learnt, nothing (not understood), or None: not for the form."""
    if heard.requested is None:
        return from_opening(heard)
    if _is_for_the_rules(heard):
        return None
    if heard.requested == slots.CORRECTION or wants_correction(heard):
        return corrected(heard)
    return ANSWERS[heard.requested](heard)


def _is_for_the_rules(heard: Heard) -> bool:
    """Tell whether the rules of the dialogue answer the message instead of the form."""
    if _plainly_answers(heard):
        return False
    is_telling = heard.requested == slots.CONTENT
    is_command = heard.is_short or not is_telling
    names_a_case = bool(heard.case_numbers) or (heard.is_short and not is_telling)
    is_asking = heard.is_question and len(heard.text) <= LONGEST_QUESTION
    is_outburst = not is_telling or len(heard.text) < FEWEST_CONTENT_CHARACTERS
    return (
        heard.intent == "emergency"
        or (heard.intent in COMMANDS and is_command)
        or (heard.intent in ABOUT_A_CASE and names_a_case)
        or (heard.intent == "faq" and is_asking)
        or (heard.intent in UPSET and is_outburst)
    )


def _plainly_answers(heard: Heard) -> bool:
    """Tell an answer by its look: names and numbers sound like anything to the language model."""
    if heard.requested in {slots.NAME, slots.PHONE} and phone_in(heard.text):
        return True
    if heard.is_certain or heard.is_question:
        return False
    return (heard.requested == slots.NAME and names_a_person(heard.text)) or (
        heard.requested == slots.PLACE and names_a_place(heard.text)
    )
