"""The memory of a case being filled in."""

from typing import Any

from rasa_sdk.events import SlotSet

KIND = "case_kind"
CONTENT = "case_content"
PLACE = "case_place"
NAME = "case_contact_name"
PHONE = "case_contact_phone"
CONFIRMED = "case_confirmed"
TRIES = "case_tries"
CORRECTION = "case_correction"  # asked for, but no slot: which of the parts is to be changed

PARTS = (KIND, CONTENT, PLACE, NAME, PHONE)


def forgotten_case() -> list[dict[str, Any]]:
    """Forget what was filled in; the words themselves stay in the desk's own record."""
    return [SlotSet(name, None) for name in (*PARTS, CONFIRMED, TRIES)]
