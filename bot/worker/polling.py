"""Reading now and then what was said in public and no push tells of, within a day's budget."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from bot.channels.weibo.api_errors import WeiboApiError
from bot.channels.weibo.channel import WeiboChannel
from bot.channels.weibo.public import PublicList, PublicPage
from core.bootstrap import Core
from core.channels import services as channels
from core.conversations import services as conversations
from core.messaging import ChannelName, InboundMessage

logger = logging.getLogger(__name__)

# How these calls are called in the ledger of the account.
READS = "reads"

DAY = timedelta(days=1)
OFTENEST = timedelta(minutes=5)

# A flood of mentions may not eat the day: what lies further back is left.
MOST_PAGES = 3

# The platform grants an answer for 48 hours; what was said before is history.
ANSWERABLE = timedelta(hours=48)


@dataclass(frozen=True)
class Polling:
    core: Core
    channels: Iterable[WeiboChannel]
    reads_a_day: int

    def look(self) -> None:
        """Read every list that is due; one that cannot be read stops none of the others."""
        for channel in self.channels:
            lists = channel.lists_to_read
            for which in lists:
                self._read(channel, which, every=self._pace(len(lists)))

    def _pace(self, lists: int) -> timedelta:
        """Spread the day's calls over the day."""
        return max(OFTENEST, DAY * lists / max(self.reads_a_day, 1))

    def _read(self, channel: WeiboChannel, which: PublicList, *, every: timedelta) -> None:
        account = channel.account_name
        with self.core.unit_of_work() as uow:
            since_id = channels.claim_reading(uow, ChannelName.WEIBO, account, which, every=every)
        if since_id is None:
            return
        pages, is_whole = self._pages(channel, which, since_id)
        # The oldest is heard first; what a push has told already is known by its key.
        said = [message for page in pages for message in page.messages]
        for message in reversed(said):
            self._take_in(message)
        newest_id = max((page.newest_id for page in pages), default=0)
        if is_whole and newest_id > since_id:
            with self.core.unit_of_work() as uow:
                channels.advance_reading(uow, ChannelName.WEIBO, account, which, newest_id)

    def _pages(
        self, channel: WeiboChannel, which: PublicList, since_id: int
    ) -> tuple[list[PublicPage], bool]:
        """Read on until the list ends; False when the rest must be read another time."""
        pages: list[PublicPage] = []
        facts = {"account": channel.account_name, "list": which}
        while len(pages) < MOST_PAGES:
            if not self._may_call(channel):
                logger.info("no calls left today to read what was said in public", extra=facts)
                return pages, False
            try:
                page = channel.read_public(which, since_id=since_id, page=len(pages) + 1)
            except WeiboApiError as error:
                logger.warning(
                    "what was said in public could not be read",
                    extra=facts | {"reason": error.reason},
                )
                return pages, False
            pages.append(page)
            # Whoever reads for the first time begins here, not in the account's past.
            if page.is_last or not since_id:
                return pages, True
        logger.warning("more was said in public than is read at once", extra=facts)
        return pages, True

    def _may_call(self, channel: WeiboChannel) -> bool:
        with self.core.unit_of_work() as uow:
            return channels.spend_call(
                uow, ChannelName.WEIBO, channel.account_name, READS, limit=self.reads_a_day
            )

    def _take_in(self, message: InboundMessage) -> None:
        with self.core.unit_of_work() as uow:
            if uow.now - message.sent_at < ANSWERABLE:
                conversations.receive(uow, message)
