"""Questions about citizens. Reading only: changes are in services."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, or_, select
from sqlalchemy.orm import Session

from core.citizens.errors import IdentityNotFound
from core.citizens.models import PageVisit
from core.conversations.models import ChannelIdentity, Citizen, Conversation, Message
from core.conversations.states import Visibility

# A page asks at least this often while somebody looks at it.
OPEN_FOR = timedelta(seconds=75)


def get_identity(session: Session, identity_id: int) -> ChannelIdentity:
    identity = session.get(ChannelIdentity, identity_id)
    if identity is None:
        raise IdentityNotFound(identity_id=identity_id)
    return identity


def find_identity(session: Session, identity_id: int) -> ChannelIdentity | None:
    return session.get(ChannelIdentity, identity_id)


def same_person(citizen_id: int) -> Select[int]:
    """Select the ids under which this citizen is known: the own one, and those linked to it."""
    stands_for_all = _stands_for(citizen_id)
    return select(Citizen.id).where(
        or_(Citizen.id == stands_for_all, Citizen.linked_to_id == stands_for_all)
    )


def identities_of(session: Session, citizen_id: int) -> Sequence[ChannelIdentity]:
    """Return every identity of the person behind this citizen, oldest first."""
    return session.scalars(
        select(ChannelIdentity)
        .where(ChannelIdentity.citizen_id.in_(same_person(citizen_id)))
        .order_by(ChannelIdentity.id)
    ).all()


def conversations_of(session: Session, citizen_id: int) -> Sequence[Conversation]:
    """Return what was said with the person on all channels, the newest words first."""
    return session.scalars(
        select(Conversation)
        .join(Conversation.identity)
        .where(ChannelIdentity.citizen_id.in_(same_person(citizen_id)))
        .order_by(Conversation.last_message_at.desc())
    ).all()


def conversation_of(session: Session, identity_id: int) -> Conversation | None:
    return session.scalars(select(Conversation).filter_by(identity_id=identity_id)).one_or_none()


@dataclass(frozen=True)
class Presence:
    """What is known of the page of a web chat."""

    is_open: bool
    seen_at: datetime
    read_seq: int


def presence(session: Session, conversation_id: int, now: datetime) -> Presence | None:
    """Tell whether the citizen has the chat before them; None when it has never been opened."""
    visit = session.scalars(
        select(PageVisit)
        .filter_by(conversation_id=conversation_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if visit is None:
        return None
    is_open = visit.left_at is None and now - visit.seen_at < OPEN_FOR
    return Presence(is_open, visit.seen_at, visit.read_seq)


def count_messages(session: Session, citizen_id: int) -> int:
    """Count what was said in public with the person under this identity and those linked."""
    return (
        session.scalar(
            select(func.count(Message.id))
            .join(Conversation, Conversation.id == Message.conversation_id)
            .join(Conversation.identity)
            .where(
                ChannelIdentity.citizen_id.in_(same_person(citizen_id)),
                Message.visibility == Visibility.PUBLIC,
            )
        )
        or 0
    )


def _stands_for(citizen_id: int) -> ScalarSelect[Any]:
    return (
        select(func.coalesce(Citizen.linked_to_id, Citizen.id))
        .where(Citizen.id == citizen_id)
        .scalar_subquery()
    )
