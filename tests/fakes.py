"""Stand-ins for what lies outside: simple, honest, and shared by all tests."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from bot.channels.base import DeliveryFailed, PassiveAnswer, Push
from core.messaging import ChannelAddress, ChannelName, OutboundMessage

# A working Monday at 10:00 in the office, with all of the office's year ahead.
MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


class FakeClock:
    """A clock that stands still until it is told to go on."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, span: timedelta) -> None:
        self.now += span


class FakeChannel:
    """A channel that remembers what it delivered, or refuses as it is told.

    `refusal` stands until it is taken away; each of `refusals` counts for one message.
    """

    name: ClassVar[ChannelName] = ChannelName.WECHAT
    account_name = "demo"
    max_body_bytes = 64 * 1024

    def __init__(self) -> None:
        self.delivered: list[tuple[ChannelAddress, OutboundMessage, int]] = []
        self.refusal: DeliveryFailed | None = None
        self.refusals: list[DeliveryFailed | None] = []
        self.allowed: list[int | None] = []
        self.room = 1

    @property
    def delivered_texts(self) -> list[str]:
        return [message.text for _, message, _ in self.delivered]

    @property
    def delivered_from_part(self) -> list[int]:
        return [part for _, _, part in self.delivered]

    def verify_endpoint(self, query: Mapping[str, str]) -> str:
        raise NotImplementedError

    def read_push(self, query: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> Push:
        raise NotImplementedError

    def acknowledge(self) -> PassiveAnswer:
        raise NotImplementedError

    def deliver(
        self,
        address: ChannelAddress,
        message: OutboundMessage,
        *,
        parts_delivered: int = 0,
        at_most: int | None = None,
    ) -> int:
        self.allowed.append(at_most)
        if self.refusals and (refusal := self.refusals.pop(0)) is not None:
            raise refusal
        if self.refusal is not None:
            raise self.refusal
        self.delivered.append((address, message, parts_delivered))
        return 1

    def how_many_fit(self, messages: Sequence[OutboundMessage]) -> int:
        return self.room

    def show_typing(self, address: ChannelAddress) -> None:
        """Nobody is looking."""
