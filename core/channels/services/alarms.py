"""What people must see to: raised once, counted while it lasts, acknowledged, over."""

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from core.channels import queries
from core.channels.errors import AlarmIsOver
from core.channels.events import AccountNoted, AlarmAcknowledged, AlarmRaised, AlarmResolved
from core.channels.models import Alarm
from core.events import SYSTEM, operator_actor
from core.messaging import ChannelName
from core.unit_of_work import UnitOfWork


def raise_alarm(
    uow: UnitOfWork, channel: ChannelName, account: str, code: str, reason: str
) -> bool:
    """Tell people of something; the same thing, while it lasts, is only counted.

    Returns whether it is told now for the first time.
    """
    raised = insert(Alarm).values(
        channel=channel,
        account=account,
        code=code,
        reason=reason,
        raised_at=uow.now,
        last_at=uow.now,
        count=1,
    )
    count = uow.session.scalar(
        raised.on_conflict_do_update(
            index_elements=["channel", "account", "code"],
            index_where=text("resolved_at IS NULL"),
            set_={"count": Alarm.count + 1, "last_at": uow.now, "reason": reason},
        ).returning(Alarm.count)
    )
    is_new = count == 1
    if is_new:
        uow.announce(
            AlarmRaised(at=uow.now, channel=channel, account=account, alarm=code, reason=reason)
        )
    else:
        uow.announce(AccountNoted(at=uow.now, channel=channel, account=account))
    return is_new


def hold_alarm(
    uow: UnitOfWork, channel: ChannelName, account: str, code: str, *, reason: str | None
) -> bool:
    """Keep an alarm for as long as there is a reason; looking again does not count it again.

    Returns whether people are told of it now for the first time.
    """
    if reason is None:
        resolve_alarm(uow, channel, account, code)
        return False
    told = queries.open_alarms(uow.session, channel, account)
    if any(alarm.code == code for alarm in told):
        return False
    return raise_alarm(uow, channel, account, code, reason)


def acknowledge_alarm(uow: UnitOfWork, alarm_id: int, *, operator_id: int) -> Alarm:
    """Say who sees to it; who said so first stays."""
    alarm = queries.get_alarm_for_change(uow.session, alarm_id)
    if alarm.resolved_at is not None:
        raise AlarmIsOver(alarm_id=alarm_id)
    if alarm.acknowledged_at is None:
        alarm.acknowledged_at = uow.now
        alarm.acknowledged_by_id = operator_id
        uow.announce(
            AlarmAcknowledged(
                at=uow.now,
                actor=operator_actor(operator_id),
                channel=alarm.channel,
                account=alarm.account,
                alarm=alarm.code,
            )
        )
    return alarm


def resolve_alarm(
    uow: UnitOfWork, channel: ChannelName, account: str, code: str, *, actor: str = SYSTEM
) -> bool:
    """Say that it is over; False when nobody has been told of it, or it is over already."""
    over = [
        alarm for alarm in queries.open_alarms(uow.session, channel, account) if alarm.code == code
    ]
    for alarm in over:
        _end(uow, alarm, actor)
    return bool(over)


def close_alarm(uow: UnitOfWork, alarm_id: int, *, operator_id: int) -> Alarm:
    """A person says that it is over; should that be wrong, it is raised anew."""
    alarm = queries.get_alarm_for_change(uow.session, alarm_id)
    if alarm.resolved_at is not None:
        raise AlarmIsOver(alarm_id=alarm_id)
    _end(uow, alarm, operator_actor(operator_id))
    return alarm


def _end(uow: UnitOfWork, alarm: Alarm, actor: str) -> None:
    alarm.resolved_at = uow.now
    uow.announce(
        AlarmResolved(
            at=uow.now,
            actor=actor,
            channel=alarm.channel,
            account=alarm.account,
            alarm=alarm.code,
        )
    )
