"""What is remembered of the traffic on an account: last times, counts, the token's life.

An account that is not in the registry is counted all the same.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from core.channels.events import AccountNoted
from core.channels.models import CallsOfDay, ChannelAccount, TallyOfDay
from core.channels.states import Tally
from core.messaging import ChannelName
from core.unit_of_work import UnitOfWork

LONGEST_REASON = 500


def note_push(uow: UnitOfWork, channel: ChannelName, account: str, *, count: int = 1) -> None:
    """Count pushes that were understood, the last of them now."""
    _note(uow, channel, account, last_push_at=uow.now)
    _count(uow, channel, account, Tally.PUSHES, count=count)


def note_refused_push(
    uow: UnitOfWork, channel: ChannelName, account: str, code: str, *, count: int = 1
) -> None:
    """Count pushes that got no further, by the reason."""
    _count(uow, channel, account, Tally.REFUSED_PUSHES, code=code, count=count)


def note_delivery(uow: UnitOfWork, channel: ChannelName, account: str, *, count: int = 1) -> None:
    """Count messages that the platform took, the last of them now."""
    _note(uow, channel, account, last_delivery_at=uow.now)
    _count(uow, channel, account, Tally.DELIVERIES, count=count)


def note_error(
    uow: UnitOfWork,
    channel: ChannelName,
    account: str,
    code: str,
    reason: str,
    *,
    count: int = 1,
) -> None:
    """Remember the platform's last refusal, and count it."""
    _note(
        uow,
        channel,
        account,
        last_error_at=uow.now,
        last_error_code=code[:40],
        last_error_reason=reason[:LONGEST_REASON],
    )
    _count(uow, channel, account, Tally.ERRORS, code=code[:40], count=count)


def note_token(
    uow: UnitOfWork,
    channel: ChannelName,
    account: str,
    *,
    expires_at: datetime | None,
    obtained_at: datetime | None = None,
) -> None:
    """Remember until when the account's token is good; None when nobody knows or there is none."""
    _note(uow, channel, account, token_expires_at=expires_at, token_obtained_at=obtained_at)


def note_calls(
    uow: UnitOfWork, channel: ChannelName, account: str, kind: str, *, count: int
) -> None:
    """Count platform calls that were made, of a kind that needs no watching over its limit."""
    more = insert(CallsOfDay).values(
        channel=channel, account=account, day=uow.today, kind=kind[:40], count=count
    )
    uow.session.execute(
        more.on_conflict_do_update(
            index_elements=["channel", "account", "day", "kind"],
            set_={"count": CallsOfDay.count + more.excluded.count},
        )
    )


def spend_call(
    uow: UnitOfWork, channel: ChannelName, account: str, kind: str, *, limit: int | None
) -> bool:
    """Count a platform call about to be made; False, and nothing counted, beyond the day's limit.

    Others who spend of the same kind wait until this unit of work ends: leave it before calling.
    """
    if limit is not None and limit < 1:
        return False
    spend = insert(CallsOfDay).values(
        channel=channel, account=account, day=uow.today, kind=kind, count=1
    )
    spent = uow.session.scalar(
        spend.on_conflict_do_update(
            index_elements=["channel", "account", "day", "kind"],
            set_={"count": CallsOfDay.count + 1},
            where=None if limit is None else CallsOfDay.count < limit,
        ).returning(CallsOfDay.count)
    )
    return spent is not None


def _note(uow: UnitOfWork, channel: ChannelName, account: str, **known: Any) -> None:
    uow.session.execute(
        update(ChannelAccount).filter_by(channel=channel, account=account).values(**known)
    )
    uow.announce(AccountNoted(at=uow.now, channel=channel, account=account))


def _count(
    uow: UnitOfWork, channel: ChannelName, account: str, tally: Tally, *, code: str = "", count: int
) -> None:
    more = insert(TallyOfDay).values(
        channel=channel, account=account, day=uow.today, tally=tally, code=code, count=count
    )
    uow.session.execute(
        more.on_conflict_do_update(
            index_elements=["channel", "account", "day", "tally", "code"],
            set_={"count": TallyOfDay.count + more.excluded.count},
        )
    )
