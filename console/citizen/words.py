"""What the pages say to citizens; the words themselves are in `words.yml`."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml

from core.cases.states import CaseState, Rating
from core.conversations.states import ConversationState


@cache
def words() -> Mapping[str, Any]:
    text = Path(__file__).with_name("words.yml").read_text(encoding="utf-8")
    return cast(Mapping[str, Any], yaml.safe_load(text))


def state(of: CaseState) -> Mapping[str, str]:
    """Return title and text of the state in plain language."""
    return cast(Mapping[str, str], words()["states"][of.value])


def ratings() -> list[tuple[str, str]]:
    return [(rating.value, words()["ratings"][rating.value]) for rating in Rating]


def chat_status(of: ConversationState | None) -> str:
    """Say who is listening now."""
    return str(words()["chat"]["status"]["bot" if of is None else of.value])


def refusal(code: str) -> str:
    """Say what went wrong; what has no words of its own is told in general."""
    refusals: Mapping[str, str] = words()["refusals"]
    return refusals.get(code) or refusals["other"]
