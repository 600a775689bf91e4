"""What happens on the accounts, gathered in memory and written down every few seconds.

A push or a delivery only counts here, so that it waits for no database. What was
gathered and not yet written is lost with the process; nothing is decided by it.
"""

import logging
import threading
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.channels.api_errors import ApiError
from bot.channels.watching import (
    ABOUT_THE_CITIZEN,
    KINDS_THAT_DELIVER,
    MENDED_BY_SUCCESS,
    alarm_for,
)
from core.bootstrap import Core
from core.channels import services
from core.channels.states import AlarmCode
from core.clock import Clock, utc_now
from core.messaging import ChannelName
from core.unit_of_work import StoreFailed, UnitOfWork

logger = logging.getLogger(__name__)

AccountKey = tuple[ChannelName, str]


@dataclass(frozen=True)
class Burst:
    """So many refused pushes within so long are more than a stranger who tries the door."""

    alarm: AlarmCode
    at_least: int
    within: timedelta
    reason: str


# Anybody can send a wrong signature; what is signed and still cannot be used shows that the
# settings of the platform and ours disagree.
BURSTS = {
    "invalid_signature": Burst(
        AlarmCode.INVALID_SIGNATURES, 20, timedelta(minutes=5), "五分钟内有 20 次推送签名不符"
    ),
    "plaintext_refused": Burst(
        AlarmCode.UNDECRYPTABLE_PUSHES, 3, timedelta(minutes=10), "安全模式的账号收到明文推送"
    ),
    "undecryptable_push": Burst(
        AlarmCode.UNDECRYPTABLE_PUSHES, 3, timedelta(minutes=10), "现有密钥解不开平台的推送"
    ),
    "wrong_account": Burst(
        AlarmCode.WRONG_ACCOUNT, 3, timedelta(minutes=10), "收到发给其他账号的推送"
    ),
}


@dataclass
class _Gathered:
    pushes: int = 0
    deliveries: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, str] = field(default_factory=dict)
    alarms: dict[AlarmCode, str] = field(default_factory=dict)
    mended: set[AlarmCode] = field(default_factory=set)
    token: tuple[datetime, datetime] | None = None

    def put_before(self, later: "_Gathered") -> None:
        """Add what happened since; the later of two words counts."""
        self.pushes += later.pushes
        self.deliveries += later.deliveries
        for own, more in (
            (self.refused, later.refused),
            (self.calls, later.calls),
            (self.errors, later.errors),
        ):
            own.update(more)
        self.reasons |= later.reasons
        self.alarms = {
            code: reason for code, reason in self.alarms.items() if code not in later.mended
        } | later.alarms
        self.mended = (self.mended - later.alarms.keys()) | later.mended
        self.token = later.token or self.token


class Notes:
    """The memory of one process. Safe to share between threads."""

    def __init__(self, *, bursts: Mapping[str, Burst] = BURSTS, clock: Clock = utc_now) -> None:
        self._bursts = bursts
        self._clock = clock
        self._mutex = threading.Lock()
        self._gathered: dict[AccountKey, _Gathered] = {}
        self._refused_at: dict[tuple[AccountKey, str], deque[datetime]] = {}

    def push(self, channel: ChannelName, account: str) -> None:
        with self._mutex:
            gathered = self._of((channel, account))
            gathered.pushes += 1
            _mend(gathered, {AlarmCode.SILENCE})

    def refused_push(self, channel: ChannelName, account: str, code: str) -> None:
        with self._mutex:
            gathered = self._of((channel, account))
            gathered.refused[code] += 1
            burst = self._bursts.get(code)
            if burst is not None and self._completes(burst, (channel, account), code):
                _alarm(gathered, burst.alarm, burst.reason)

    def delivery(self, channel: ChannelName, account: str) -> None:
        with self._mutex:
            self._of((channel, account)).deliveries += 1

    def watch(self, channel: ChannelName, account: str) -> "AccountWatch":
        """Return who is told of the calls made in the name of this account."""
        return AccountWatch(self, (channel, account))

    def write(self, core: Core) -> None:
        """Write down what was gathered; what cannot be written now is kept for the next time."""
        with self._mutex:
            gathered, self._gathered = self._gathered, {}
        for key in sorted(gathered):
            try:
                with core.unit_of_work() as uow:
                    told = _write(uow, key, gathered[key])
            except StoreFailed:
                logger.warning("notes of an account not written", extra={"account": key[1]})
                self._put_back(key, gathered[key])
                continue
            for code in told:
                tell_alarm(*key, code, gathered[key].alarms[code])

    def _of(self, key: AccountKey) -> _Gathered:
        return self._gathered.setdefault(key, _Gathered())

    def _put_back(self, key: AccountKey, earlier: _Gathered) -> None:
        with self._mutex:
            earlier.put_before(self._of(key))
            self._gathered[key] = earlier

    def _completes(self, burst: Burst, key: AccountKey, code: str) -> bool:
        """Tell whether this refusal makes a burst; the next one begins from nothing."""
        now = self._clock()
        moments = self._refused_at.setdefault((key, code), deque(maxlen=burst.at_least))
        moments.append(now)
        is_complete = len(moments) == burst.at_least and now - moments[0] <= burst.within
        if is_complete:
            moments.clear()
        return is_complete


@dataclass(frozen=True)
class AccountWatch:
    """What an account's client tells of its calls (see `ApiWatch`)."""

    notes: Notes
    key: AccountKey

    def called(self, kind: str) -> None:
        with self.notes._mutex:
            self.notes._of(self.key).calls[kind] += 1

    def taken(self, kind: str) -> None:
        with self.notes._mutex:
            gathered = self.notes._of(self.key)
            gathered.deliveries += kind in KINDS_THAT_DELIVER
            _mend(gathered, MENDED_BY_SUCCESS)

    def refused(self, error: ApiError) -> None:
        if error.remedy in ABOUT_THE_CITIZEN:
            return
        code = str(error.platform_code or error.remedy)
        alarm = alarm_for(error)
        with self.notes._mutex:
            gathered = self.notes._of(self.key)
            gathered.errors[code] += 1
            gathered.reasons.pop(code, None)  # the last one is written last
            gathered.reasons[code] = error.reason
            if alarm is not None:
                _alarm(gathered, alarm.code, alarm.reason)

    def token_issued(self, obtained_at: datetime, expires_at: datetime) -> None:
        with self.notes._mutex:
            gathered = self.notes._of(self.key)
            gathered.token = (obtained_at, expires_at)
            _mend(gathered, MENDED_BY_SUCCESS)


def tell_alarm(channel: ChannelName, account: str, code: str, reason: str) -> None:
    """Put a new alarm into the log, for those who watch logs and not the console."""
    facts = {"channel": channel, "account": account, "code": code, "reason": reason}
    logger.warning("alarm raised", extra=facts)


def _alarm(gathered: _Gathered, code: AlarmCode, reason: str) -> None:
    gathered.alarms[code] = reason
    gathered.mended.discard(code)


def _mend(gathered: _Gathered, codes: "set[AlarmCode] | frozenset[AlarmCode]") -> None:
    for code in codes:
        gathered.alarms.pop(code, None)
    gathered.mended.update(codes)


def _write(uow: UnitOfWork, key: AccountKey, gathered: _Gathered) -> list[AlarmCode]:
    """Write one account's notes; return the alarms that people are told of for the first time.

    Always in the same order, so that two processes wait for each other and not in a ring.
    """
    if gathered.token is not None:
        obtained_at, expires_at = gathered.token
        services.note_token(uow, *key, obtained_at=obtained_at, expires_at=expires_at)
    if gathered.pushes:
        services.note_push(uow, *key, count=gathered.pushes)
    for code, count in sorted(gathered.refused.items()):
        services.note_refused_push(uow, *key, code, count=count)
    if gathered.deliveries:
        services.note_delivery(uow, *key, count=gathered.deliveries)
    for code, reason in gathered.reasons.items():
        services.note_error(uow, *key, code, reason, count=gathered.errors[code])
    for kind, count in sorted(gathered.calls.items()):
        services.note_calls(uow, *key, kind, count=count)
    for code in sorted(gathered.mended):
        services.resolve_alarm(uow, *key, code)
    return [
        code
        for code, reason in sorted(gathered.alarms.items())
        if services.raise_alarm(uow, *key, code, reason)
    ]
