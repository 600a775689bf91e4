"""The page of a web chat is open before the citizen, or no longer."""

from datetime import timedelta

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert

from core.citizens import queries
from core.citizens.events import PageLookedAt
from core.citizens.models import PageVisit
from core.unit_of_work import UnitOfWork

# Pages ask every few seconds: not every look is worth a write.
NOTED_EVERY = timedelta(seconds=20)


def look_at_page(uow: UnitOfWork, conversation_id: int, *, read_seq: int) -> None:
    """The citizen has the chat open and everything up to `read_seq` on the screen."""
    before = queries.presence(uow.session, conversation_id, uow.now)
    is_news = before is None or not before.is_open or read_seq > before.read_seq
    if before is not None and not is_news and uow.now - before.seen_at < NOTED_EVERY:
        return
    noted = insert(PageVisit).values(
        conversation_id=conversation_id, seen_at=uow.now, read_seq=read_seq
    )
    uow.session.execute(
        noted.on_conflict_do_update(
            index_elements=[PageVisit.conversation_id],
            set_={
                "seen_at": uow.now,
                # Another tab may lag behind.
                "read_seq": func.greatest(PageVisit.read_seq, read_seq),
                "left_at": None,
            },
        )
    )
    if is_news:
        uow.announce(PageLookedAt(at=uow.now, conversation_id=conversation_id))


def leave_page(uow: UnitOfWork, conversation_id: int) -> None:
    """The page was closed; another tab that is still open will say so within seconds."""
    uow.session.execute(
        update(PageVisit).filter_by(conversation_id=conversation_id).values(left_at=uow.now)
    )
    uow.announce(PageLookedAt(at=uow.now, conversation_id=conversation_id))
