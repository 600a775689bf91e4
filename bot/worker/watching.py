"""Look at the accounts now and then: silence, tokens that end, calls that run out."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.notes import tell_alarm
from config.accounts import (
    DAILY_CALLS,
    WEIBO_CALLS_A_DAY,
    TokenWarning,
    WeiboAccount,
    calls_against_limit,
)
from config.settings import Settings
from core.bootstrap import Core
from core.channels import queries, services
from core.channels.queries import AccountHealth
from core.channels.states import AlarmCode
from core.clock import OFFICE_TIMEZONE
from core.messaging import ChannelName
from core.unit_of_work import UnitOfWork

logger = logging.getLogger(__name__)

# Citizens push to these; an account without pushes is cut off.
RECEIVES_PUSHES = frozenset({ChannelName.WECHAT, ChannelName.WEIBO})

# Counting further back tells nothing new.
LONGEST_SILENCE = timedelta(days=60)

NEARLY = 0.8

# After this long without a new one, a burst of refused pushes is over.
BURST_IS_OVER_AFTER = timedelta(hours=1)
BURSTS = (
    AlarmCode.INVALID_SIGNATURES,
    AlarmCode.UNDECRYPTABLE_PUSHES,
    AlarmCode.WRONG_ACCOUNT,
)

TOKEN_ALARMS = {
    TokenWarning.MISSING: (
        AlarmCode.TOKEN_MISSING,
        "设置中没有 access_token：只能在收到私信时回复，不能主动发送",
    ),
    TokenWarning.ENDED: (AlarmCode.TOKEN_ENDED, "access_token 已于 {day} 到期，须重新授权"),
    TokenWarning.ENDS_SOON: (
        AlarmCode.TOKEN_ENDS_SOON,
        "access_token 将于 {day} 到期，请提前重新授权",
    ),
}


@dataclass(frozen=True)
class Watch:
    """What no single push or call shows; every look may be repeated without harm."""

    core: Core
    settings: Settings

    def look(self) -> None:
        with self.core.unit_of_work() as uow:
            known = queries.health(uow.session, uow.today)
        for health in known:
            # One account at a time, so that nobody's notes wait long for this look.
            with self.core.unit_of_work() as uow:
                held = self._held(uow, health)
                told = [
                    (code, reason)
                    for code, reason in held.items()
                    if services.hold_alarm(uow, *_key(health), code, reason=reason)
                ]
                self._note_token(uow, health)
            for code, reason in told:
                tell_alarm(*_key(health), code, reason or "")

    def _held(self, uow: UnitOfWork, health: AccountHealth) -> dict[AlarmCode, str | None]:
        """Return each alarm of this watch with its reason; None for what is well."""
        held: dict[AlarmCode, str | None] = {
            AlarmCode.SILENCE: self._silence(uow, health),
            AlarmCode.CALLS_NEARLY_USED: _calls_nearly_used(health),
        }
        if AlarmCode.CALLS_USED not in _raised_today(uow, health):
            held[AlarmCode.CALLS_USED] = None  # a new day has brought new calls
        held |= {alarm: None for alarm in BURSTS if _is_over(uow, health, alarm)}
        weibo = self._weibo(health)
        if weibo is not None:
            held |= _token_alarms(weibo, uow)
        return held

    def _silence(self, uow: UnitOfWork, health: AccountHealth) -> str | None:
        hours = self.settings.silence_alarm_hours
        account = health.account
        if not hours or account.channel not in RECEIVES_PUSHES:
            return None
        since = max(account.last_push_at or account.registered_at, uow.now - LONGEST_SILENCE)
        is_told = any(alarm.code == AlarmCode.SILENCE for alarm in health.alarms)
        if not is_told and not uow.office.is_open(uow.now):
            return None  # nobody is there to see to it, and fewer people write
        silent = uow.office.open_between(since, uow.now)
        if silent < timedelta(hours=hours):
            return None
        return f"已有 {silent.total_seconds() / 3600:.0f} 个工作小时没有收到平台推送"

    def _weibo(self, health: AccountHealth) -> WeiboAccount | None:
        if health.account.channel is not ChannelName.WEIBO:
            return None
        return self.settings.weibo.get(health.account.account)

    def _note_token(self, uow: UnitOfWork, health: AccountHealth) -> None:
        """The end of a Weibo token stands in the settings: nobody issues it to us."""
        weibo = self._weibo(health)
        if weibo is None:
            return
        day = weibo.token_expires_on
        ends = datetime.combine(day, time(), tzinfo=OFFICE_TIMEZONE) if day else None
        if ends != health.account.token_expires_at:
            services.note_token(uow, *_key(health), expires_at=ends)


def _key(health: AccountHealth) -> tuple[ChannelName, str]:
    return health.account.channel, health.account.account


def _calls_nearly_used(health: AccountHealth) -> str | None:
    match health.account.channel:
        case ChannelName.WECHAT:
            used = nearly_used(health.calls, DAILY_CALLS)
        case ChannelName.WEIBO:
            total = {"开放接口": calls_against_limit(health.calls)}
            used = nearly_used(total, {"开放接口": WEIBO_CALLS_A_DAY})
        case _:
            used = []
    return "；".join(used) or None


def nearly_used(calls: Mapping[str, int], limits: Mapping[str, int]) -> Sequence[str]:
    """Say of which calls little is left today."""
    return [
        f"{kind} 今日已调用 {count} 次，上限 {limits[kind]} 次"
        for kind, count in sorted(calls.items())
        if kind in limits and count >= limits[kind] * NEARLY
    ]


def _token_alarms(account: WeiboAccount, uow: UnitOfWork) -> dict[AlarmCode, str | None]:
    warning = account.token_warning(uow.today)
    held: dict[AlarmCode, str | None] = {code: None for code, _ in TOKEN_ALARMS.values()}
    if warning is not None:
        code, words = TOKEN_ALARMS[warning]
        held[code] = words.format(day=account.token_expires_on)
    return held


def _raised_today(uow: UnitOfWork, health: AccountHealth) -> set[str]:
    midnight = datetime.combine(uow.today, time(), tzinfo=OFFICE_TIMEZONE)
    return {alarm.code for alarm in health.alarms if alarm.last_at >= midnight}


def _is_over(uow: UnitOfWork, health: AccountHealth, code: AlarmCode) -> bool:
    return any(
        alarm.code == code and uow.now - alarm.last_at >= BURST_IS_OVER_AFTER
        for alarm in health.alarms
    )
