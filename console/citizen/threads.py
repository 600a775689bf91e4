"""A conversation as its citizen sees it: who spoke, what was said, what can be tapped."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.clock import office_date
from core.conversations import queries
from core.conversations.services import bot_speaks
from core.conversations.states import Author, ConversationState, Visibility
from core.messaging import InboundKind
from core.unit_of_work import UnitOfWork

SHOWN = 200
SAYS_NOTHING = frozenset({InboundKind.FOLLOW, InboundKind.UNFOLLOW})
# Addresses of ours hold no other signs; Chinese words and full stops may follow at once.
ADDRESS = re.compile(r"https?://[!-~]+")


@dataclass(frozen=True)
class Segment:
    text: str
    is_address: bool


@dataclass(frozen=True)
class Line:
    """`day` is set where a new day begins."""

    message: Any
    day: date | None

    @property
    def is_own(self) -> bool:
        return self.message.author is Author.CITIZEN

    @property
    def is_automatic(self) -> bool:
        return self.message.author is Author.BOT

    @property
    def segments(self) -> list[Segment]:
        return segments(self.message.text)


@dataclass(frozen=True)
class Talk:
    """`waits_for_bot` while the last question is still in the bot's hands."""

    lines: list[Line]
    last_seq: int
    waits_for_bot: bool
    state: ConversationState | None


NOTHING_SAID = Talk([], 0, waits_for_bot=False, state=None)


def talk(uow: UnitOfWork, conversation: Any, *, after_seq: int = 0) -> Talk:
    """Return what was said after `after_seq`; notes among staff are not part of it."""
    said = queries.thread(uow.session, conversation.id, after_seq=after_seq, limit=SHOWN)
    open_question = queries.first_unfinished(uow.session, conversation.id)
    return Talk(
        list(_lines(said)),
        last_seq=max((message.seq for message in said), default=after_seq),
        waits_for_bot=open_question is not None and bot_speaks(uow, conversation),
        state=conversation.state,
    )


def segments(text: str) -> list[Segment]:
    """Cut a text where addresses begin and end."""
    found, end = [], 0
    for match in ADDRESS.finditer(text):
        address = match[0].rstrip(".,;:!?)\"'")
        found += [Segment(text[end : match.start()], is_address=False), Segment(address, True)]
        end = match.start() + len(address)
    found.append(Segment(text[end:], is_address=False))
    return [segment for segment in found if segment.text]


def _lines(messages: Sequence[Any]) -> Iterable[Line]:
    before = None
    for message in messages:
        if message.visibility is Visibility.PRIVATE or message.kind in SAYS_NOTHING:
            continue
        day = office_date(message.received_at)
        yield Line(message, day if day != before else None)
        before = day
