"""How far the lists that no push tells of have been read."""

from datetime import timedelta

from sqlalchemy import or_, update
from sqlalchemy.dialects.postgresql import insert

from core.channels.models import ReadingMark
from core.messaging import ChannelName
from core.unit_of_work import UnitOfWork


def claim_reading(
    uow: UnitOfWork, channel: ChannelName, account: str, list_name: str, *, every: timedelta
) -> int | None:
    """Take it on to read a list now; return the last post that is known, 0 at first.

    None when it was read less than `every` ago, by whichever process.
    """
    key = {"channel": channel, "account": account, "list_name": list_name}
    new = insert(ReadingMark).values(**key, since_id=0)
    uow.session.execute(new.on_conflict_do_nothing())
    return uow.session.scalar(
        update(ReadingMark)
        .filter_by(**key)
        .where(or_(ReadingMark.read_at.is_(None), ReadingMark.read_at <= uow.now - every))
        .values(read_at=uow.now)
        .returning(ReadingMark.since_id)
    )


def advance_reading(
    uow: UnitOfWork, channel: ChannelName, account: str, list_name: str, since_id: int
) -> None:
    """Note that everything up to this post has been taken in; never goes back."""
    uow.session.execute(
        update(ReadingMark)
        .filter_by(channel=channel, account=account, list_name=list_name)
        .where(ReadingMark.since_id < since_id)
        .values(since_id=since_id)
    )
