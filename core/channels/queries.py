"""Questions about accounts. Reading only: changes are in services."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.channels.errors import AccountNotFound, AlarmNotFound
from core.channels.models import Alarm, CallsOfDay, ChannelAccount, TallyOfDay
from core.channels.states import Tally
from core.messaging import ChannelName

CUSTOMER_SERVICE = "customer_service"  # the right's name in the settings
TRIED_AGAIN_AFTER = timedelta(days=1)

AccountKey = tuple[ChannelName, str]


def accounts(session: Session, *, with_retired: bool = False) -> Sequence[ChannelAccount]:
    """Return the accounts, those of one channel together, retired ones last."""
    query = (
        select(ChannelAccount)
        .order_by(
            ChannelAccount.retired_at.is_not(None), ChannelAccount.channel, ChannelAccount.account
        )
        .execution_options(populate_existing=True)
    )
    if not with_retired:
        query = query.where(ChannelAccount.retired_at.is_(None))
    return session.scalars(query).all()


def find(session: Session, channel: ChannelName, account: str) -> ChannelAccount | None:
    return session.scalars(
        select(ChannelAccount)
        .filter_by(channel=channel, account=account)
        .execution_options(populate_existing=True)
    ).one_or_none()


def get(session: Session, channel: ChannelName, account: str) -> ChannelAccount:
    found = find(session, channel, account)
    if found is None:
        raise AccountNotFound(channel=channel, account=account)
    return found


def get_for_change(session: Session, channel: ChannelName, account: str) -> ChannelAccount:
    found = session.scalars(
        select(ChannelAccount)
        .filter_by(channel=channel, account=account)
        .with_for_update(of=ChannelAccount)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise AccountNotFound(channel=channel, account=account)
    return found


def is_passive_only(session: Session, channel: ChannelName, account: str) -> bool:
    """Tell whether the platform takes nothing from the account but answers to pushes."""
    found = find(session, channel, account)
    return found is not None and found.passive_only_since is not None


def may_send(session: Session, channel: ChannelName, account: str, now: datetime) -> bool:
    """Tell whether messages may be sent through the API, rather than in answers to pushes only.

    What the platform once refused is tried again after a day.
    """
    found = find(session, channel, account)
    if found is None:
        return True
    if channel is ChannelName.WECHAT and CUSTOMER_SERVICE not in found.rights:
        return False
    since = found.passive_only_since
    return since is None or now - since >= TRIED_AGAIN_AFTER


def may_offer_menus(session: Session, channel: ChannelName, account: str, now: datetime) -> bool:
    """Tell whether the platform takes messages with a menu from the account, as far as we know."""
    found = find(session, channel, account)
    since = found.menus_refused_at if found is not None else None
    return since is None or now - since >= TRIED_AGAIN_AFTER


def calls_spent(session: Session, channel: ChannelName, account: str, kind: str, day: date) -> int:
    return (
        session.scalar(
            select(CallsOfDay.count).filter_by(channel=channel, account=account, kind=kind, day=day)
        )
        or 0
    )


def open_alarms(
    session: Session, channel: ChannelName | None = None, account: str | None = None
) -> Sequence[Alarm]:
    """Return what people must still see to, the newest on top."""
    query = (
        select(Alarm)
        .where(Alarm.resolved_at.is_(None))
        .order_by(Alarm.raised_at.desc(), Alarm.id.desc())
        .execution_options(populate_existing=True)
    )
    if channel is not None:
        query = query.filter_by(channel=channel)
    if account is not None:
        query = query.filter_by(account=account)
    return session.scalars(query).all()


def count_open_alarms(session: Session) -> int:
    return session.scalar(select(func.count()).where(Alarm.resolved_at.is_(None))) or 0


def get_alarm_for_change(session: Session, alarm_id: int) -> Alarm:
    alarm = session.scalars(
        select(Alarm)
        .filter_by(id=alarm_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if alarm is None:
        raise AlarmNotFound(alarm_id=alarm_id)
    return alarm


@dataclass(frozen=True)
class AccountHealth:
    """Everything the desk knows about how one account is doing today."""

    account: ChannelAccount
    alarms: Sequence[Alarm]
    calls: Mapping[str, int] = field(default_factory=dict)
    tallies: Mapping[Tally, int] = field(default_factory=dict)
    refusals: Mapping[str, int] = field(default_factory=dict)  # of pushes, by reason


def health(session: Session, today: date, *, with_retired: bool = False) -> list[AccountHealth]:
    calls: dict[AccountKey, dict[str, int]] = {}
    for call in session.scalars(
        select(CallsOfDay).filter_by(day=today).execution_options(populate_existing=True)
    ):
        calls.setdefault((call.channel, call.account), {})[call.kind] = call.count
    tallies: dict[AccountKey, dict[Tally, int]] = {}
    refusals: dict[AccountKey, dict[str, int]] = {}
    for tally in tallies_since(session, today):
        key = (tally.channel, tally.account)
        sums = tallies.setdefault(key, {})
        sums[tally.tally] = sums.get(tally.tally, 0) + tally.count
        if tally.tally is Tally.REFUSED_PUSHES:
            refusals.setdefault(key, {})[tally.code] = tally.count
    alarms: dict[AccountKey, list[Alarm]] = {}
    for alarm in open_alarms(session):
        alarms.setdefault((alarm.channel, alarm.account), []).append(alarm)
    return [
        AccountHealth(
            one,
            alarms.get((one.channel, one.account), []),
            calls.get((one.channel, one.account), {}),
            tallies.get((one.channel, one.account), {}),
            refusals.get((one.channel, one.account), {}),
        )
        for one in accounts(session, with_retired=with_retired)
    ]


def tallies_since(session: Session, first_day: date) -> Sequence[TallyOfDay]:
    return session.scalars(
        select(TallyOfDay)
        .where(TallyOfDay.day >= first_day)
        .order_by(TallyOfDay.day, TallyOfDay.channel, TallyOfDay.account)
        .execution_options(populate_existing=True)
    ).all()


def told_to_probes(session: Session, today: date) -> dict[str, dict[str, Any]]:
    """Say how each account is doing, in values that fit into JSON; nothing of it is secret."""
    return {
        f"{one.account.channel}/{one.account.account}": {
            "alarms": sorted(alarm.code for alarm in one.alarms),
            "last_push_at": _iso(one.account.last_push_at),
            "last_delivery_at": _iso(one.account.last_delivery_at),
            "token_expires_at": _iso(one.account.token_expires_at),
            "passive_only": one.account.passive_only_since is not None,
        }
        for one in health(session, today)
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
