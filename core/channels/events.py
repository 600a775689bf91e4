"""What is logged and announced about accounts."""

from dataclasses import dataclass
from typing import ClassVar

from core.events import Event
from core.messaging import ChannelName


@dataclass(frozen=True, kw_only=True)
class AccountEvent(Event):
    channel: ChannelName
    account: str

    @property
    def subject(self) -> str:
        return f"channel:{self.channel}-{self.account}"


@dataclass(frozen=True, kw_only=True)
class AccountRegistered(AccountEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class AccountRetired(AccountEvent):
    """The account is no longer in the settings."""


@dataclass(frozen=True, kw_only=True)
class OwnerAssigned(AccountEvent):
    department_id: int | None


@dataclass(frozen=True, kw_only=True)
class BecamePassiveOnly(AccountEvent):
    reason: str


@dataclass(frozen=True, kw_only=True)
class MaySpeakAgain(AccountEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class AlarmEvent(AccountEvent):
    alarm: str


@dataclass(frozen=True, kw_only=True)
class AlarmRaised(AlarmEvent):
    reason: str


@dataclass(frozen=True, kw_only=True)
class AlarmAcknowledged(AlarmEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class AlarmResolved(AlarmEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class AccountNoted(AccountEvent):
    """Something new is known about how the account works; its row tells what."""

    logged: ClassVar[bool] = False
