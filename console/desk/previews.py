"""A message in a few words, for lists: what it says, or what it is."""

from collections.abc import Mapping
from typing import Any

from console import wording
from console.desk.identities import without_keys
from core.messaging import InboundKind

LONGEST = 80


def in_few_words(kind: InboundKind | None, text: str, payload: Mapping[str, Any] | None) -> str:
    """Return the text itself; what is not text is named, with what is known of it."""
    words = " ".join(without_keys(text).split())
    if kind in {None, InboundKind.TEXT, InboundKind.MENTION} and words:
        return words[:LONGEST]
    if kind is None:
        return ""
    about = words or str((payload or {}).get(_ABOUT.get(kind, ""), ""))
    return f"［{wording.label(kind)}］{about}"[:LONGEST]


_ABOUT = {
    InboundKind.LINK: "url",
    InboundKind.MENU_CLICK: "key",
    InboundKind.MINI_PROGRAM: "page",
}
