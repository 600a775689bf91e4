"""Conversations as the lines of a list."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, UnaryExpression, and_, func, select
from sqlalchemy.orm import Session, joinedload

from core.conversations.models import ChannelIdentity, Conversation, Message
from core.conversations.states import Author, ConversationState, Visibility
from core.messaging import ChannelName, InboundKind

AccountKey = tuple[ChannelName, str]


@dataclass(frozen=True)
class ConversationLine:
    """A conversation as one line of a list: with its last public words."""

    conversation: Conversation
    last_text: str
    last_author: Author | None
    unseen: int
    last_kind: InboundKind | None = None
    last_payload: Mapping[str, Any] | None = None


def _lines(session: Session, *where: ColumnElement[bool], order: UnaryExpression[Any],
           limit: int) -> list[ConversationLine]:  # fmt: skip
    last = (
        select(Message.text, Message.author, Message.kind, Message.payload)
        .where(
            Message.conversation_id == Conversation.id,
            Message.visibility == Visibility.PUBLIC,
        )
        .order_by(Message.seq.desc())
        .limit(1)
        .lateral()
    )
    unseen = (
        select(func.count())
        .where(
            Message.conversation_id == Conversation.id,
            Message.seq > Conversation.seen_seq,
            Message.author == Author.CITIZEN,
        )
        .scalar_subquery()
    )
    rows = session.execute(
        select(Conversation, last.c.text, last.c.author, unseen, last.c.kind, last.c.payload)
        .outerjoin(last, last.c.text.is_not(None))
        .where(*where)
        .options(joinedload(Conversation.identity))
        .order_by(order)
        .limit(limit)
    )
    return [ConversationLine(row[0], row[1] or "", *row[2:]) for row in rows]


def _came(through: AccountKey | None) -> list[ColumnElement[bool]]:
    """Narrow the list to the citizens of one account."""
    if through is None:
        return []
    channel, account = through
    return [
        Conversation.identity.has(
            and_(ChannelIdentity.channel == channel, ChannelIdentity.account == account)
        )
    ]


def waiting(
    session: Session, *, through: AccountKey | None = None, limit: int = 100
) -> list[ConversationLine]:
    """Conversations nobody has taken over yet, longest waiting first."""
    return _lines(
        session,
        Conversation.state == ConversationState.WAITING,
        *_came(through),
        order=Conversation.waiting_since.asc(),
        limit=limit,
    )


def held_by(session: Session, operator_id: int, *, limit: int = 100) -> list[ConversationLine]:
    """Conversations this operator is speaking in, the one that spoke last first."""
    return _lines(
        session,
        Conversation.state == ConversationState.OPERATOR,
        Conversation.operator_id == operator_id,
        order=Conversation.last_message_at.desc(),
        limit=limit,
    )


def recent(
    session: Session,
    *,
    state: ConversationState | None = None,
    through: AccountKey | None = None,
    limit: int = 100,
) -> list[ConversationLine]:
    """All conversations, or those in one state or of one account, newest words first."""
    where = [] if state is None else [Conversation.state == state]
    return _lines(
        session, *where, *_came(through), order=Conversation.last_message_at.desc(), limit=limit
    )
