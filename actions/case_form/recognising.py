"""Kinds, phone numbers and fixed phrases in what a citizen writes."""

import re

from actions.words import vocabulary
from core.cases.services.submitting import PHONE
from core.cases.states import CaseKind

LONGEST_CHINESE_NAME = 4
PHONE_LIKE = re.compile(r"\+?\d[\d\s-]{5,}\d")


def kind_named(text: str) -> CaseKind | None:
    """Return the kind that is named first, by its word or by its place in the list."""
    listed = vocabulary()["kind_by_number"].get(text.strip(" .、号"))
    if listed:
        return CaseKind(listed)
    named = first_named(text, vocabulary()["kinds"])
    return CaseKind(named) if named else None


def kind_word(kind: CaseKind) -> str:
    word: str = vocabulary()["kinds"][kind][0]
    return word


def phone_in(text: str) -> str | None:
    """Return the phone number in the text, without spaces and dashes."""
    for run in PHONE_LIKE.findall(text):
        digits = re.sub(r"[\s-]", "", run).removeprefix("+86")
        if PHONE.fullmatch(digits):
            return digits
    return None


def masked_phone(phone: str) -> str:
    return f"{phone[:3]}****{phone[-4:]}" if phone.isdigit() else phone


def is_phrase(text: str, phrases: str) -> bool:
    """Tell whether the whole text is one of these phrases of the vocabulary."""
    return text.strip("。.！!，, ").lower() in vocabulary()[phrases]


def names_a_place(text: str) -> bool:
    return any(word in text for word in vocabulary()["places"])


def names_a_person(text: str) -> bool:
    """Tell whether the text reads like a name: a surname and little more, or a title at its end."""
    words = vocabulary()
    is_full_name = 2 <= len(text) <= LONGEST_CHINESE_NAME and text[0] in words["surnames"]
    return text.isalpha() and (is_full_name or text.endswith(tuple(words["titles"])))


def first_named(text: str, words_by_name: dict[str, list[str]]) -> str | None:
    """Return the name whose word stands first in the text."""
    places = {
        name: min((text.find(word) for word in words if word in text), default=-1)
        for name, words in words_by_name.items()
    }
    named = {name: place for name, place in places.items() if place >= 0}
    return min(named, key=named.__getitem__) if named else None
