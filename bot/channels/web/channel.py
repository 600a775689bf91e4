"""The chat on the office's own site: its page fetches what was said, so nothing is sent."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from bot.channels.base import PassiveAnswer, Push, PushRefused
from core.messaging import SITE, ChannelAddress, ChannelName, OutboundMessage


class WebChannel:
    """Delivery is the row itself: the citizen's page reads the conversation.

    Whether the page is open is another question, and the desk shows it beside.
    """

    name: ClassVar[ChannelName] = ChannelName.WEB
    account_name = SITE
    max_body_bytes = 0

    def verify_endpoint(self, query: Mapping[str, str]) -> str:
        raise PushRefused("the site pushes nothing")

    def read_push(self, query: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> Push:
        raise PushRefused("the site pushes nothing")

    def acknowledge(self) -> PassiveAnswer:
        return PassiveAnswer(b"", "text/plain")

    def deliver(
        self,
        address: ChannelAddress,
        message: OutboundMessage,
        *,
        parts_delivered: int = 0,
        at_most: int | None = None,
    ) -> int:
        return 0  # the citizen has no quota here

    def how_many_fit(self, messages: Sequence[OutboundMessage]) -> int:
        return len(messages)

    def show_typing(self, address: ChannelAddress) -> None:
        """The page sees for itself that a question is still open."""
