"""Show the citizen that an answer is being written, when it takes a while."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.parts import Channels
from core.bootstrap import Core
from core.conversations import queries, services
from core.messaging import ChannelAddress

logger = logging.getLogger(__name__)

# Most answers are there before anybody would look.
SHOWN_AFTER_SECONDS = 1.0


@dataclass(frozen=True)
class Typing:
    core: Core
    channels: Channels
    after_seconds: float = SHOWN_AFTER_SECONDS

    def show(self, conversation_id: int) -> None:
        """Show it for an operator; that it may be shown now has been looked at."""
        with self.core.unit_of_work() as uow:
            address = queries.get(uow.session, conversation_id).identity.address
        self._show(address)

    @contextmanager
    def while_working(self, conversation_id: int) -> Iterator[None]:
        """Show it for the bot if the work within lasts; never in its way."""
        timer = threading.Timer(self.after_seconds, self._show_for_bot, [conversation_id])
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _show_for_bot(self, conversation_id: int) -> None:
        try:
            with self.core.unit_of_work() as uow:
                address = services.claim_typing(uow, conversation_id)
            if address is not None:
                self._show(address)
        except Exception:
            logger.exception("typing state not shown")

    def _show(self, address: ChannelAddress) -> None:
        channel = self.channels.get((address.channel, address.account))
        if channel is not None:
            channel.show_typing(address)
