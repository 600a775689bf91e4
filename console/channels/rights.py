"""What an account may do, and what it means where it may not."""

from collections.abc import Set
from dataclasses import dataclass

from console import wording
from core.messaging import ChannelName


@dataclass(frozen=True)
class RightShown:
    title: str
    is_given: bool
    without: str


def rights_of(channel: ChannelName, given: Set[str]) -> list[RightShown]:
    """Return the rights that accounts of the channel can have, those given and those not."""
    known = wording.channels()["rights"]
    return [
        RightShown(words["title"], name in given, words["without"])
        for name, words in known.items()
        if channel.value in words["channels"]
    ]
