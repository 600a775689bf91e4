"""Bring home what citizens sent beside words: fetch, look at the content, store, record."""

import logging
import threading
from dataclasses import dataclass, field

from bot.channels.media import (
    FetchesMedia,
    MediaExpired,
    MediaNotFetched,
    MediaRefused,
)
from bot.media_sources import MediaSources
from core.bootstrap import Core
from core.conversations import queries as conversations
from core.media import queries, services
from core.media.checking import LIMIT_BYTES, CheckedContent, check
from core.media.errors import ContentRefused
from core.media.services import Kept, Wanted
from core.media.states import AttachmentState
from core.media.storing import MediaStore

logger = logging.getLogger(__name__)

NO_SUCH_ACCOUNT = "账号不在设置中"
STORE_FAILED = "无法写入附件目录"

# A large picture takes some hundred megabytes while it is drawn anew.
DRAWN_AT_ONCE = 2


@dataclass(frozen=True)
class Fetching:
    core: Core
    sources: MediaSources
    store: MediaStore
    _drawing: threading.Semaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(DRAWN_AT_ONCE)
    )

    def fetch(self, message_id: int) -> AttachmentState:
        """Fetch what the message carries unless it is settled; no transaction is open meanwhile.

        What failed for now is promised anew by the record of the failure itself.
        """
        with self.core.unit_of_work() as uow:
            wanted = services.lease(uow, message_id)
            message = conversations.get_message(uow.session, message_id)
            place = message.channel, message.account
        if wanted is not None:
            source = self.sources.get((place[0], place[1])) if place[0] and place[1] else None
            self._fetch(wanted, source)
        with self.core.unit_of_work() as uow:
            return queries.get(uow.session, message_id).state

    def _fetch(self, wanted: Wanted, source: FetchesMedia | None) -> None:
        if source is None:
            self._fail(wanted, NO_SUCH_ACCOUNT, can_retry=False)
            return
        try:
            raw = source.fetch(wanted.kind, wanted.source, limit_bytes=LIMIT_BYTES[wanted.kind])
            with self._drawing:
                content = check(raw, wanted.kind)
        except MediaExpired as expired:
            with self.core.unit_of_work() as uow:
                services.record_expired(uow, wanted.message_id, reason=str(expired))
        except MediaRefused as refused:
            self._refuse(wanted, refused.refusal)
        except ContentRefused as refused:
            self._refuse(wanted, str(refused.details["reason"]))
        except MediaNotFetched as failure:
            self._fail(wanted, str(failure), can_retry=failure.can_retry)
        else:
            self._keep(wanted, content)

    def _keep(self, wanted: Wanted, content: CheckedContent) -> None:
        """Write the bytes first: a row never speaks of what is not there."""
        try:
            preview = self.store.put(content.preview) if content.preview else None
            kept = Kept(content, self.store.put(content.data), preview)
        except OSError:
            logger.exception("media not stored", extra={"message_id": wanted.message_id})
            self._fail(wanted, STORE_FAILED, can_retry=True)
            return
        with self.core.unit_of_work() as uow:
            services.record_stored(uow, wanted.message_id, kept)

    def _refuse(self, wanted: Wanted, reason: str) -> None:
        logger.warning(
            "media refused", extra={"message_id": wanted.message_id, "reason": str(reason)}
        )
        with self.core.unit_of_work() as uow:
            services.record_refused(uow, wanted.message_id, reason=reason)

    def _fail(self, wanted: Wanted, reason: str, *, can_retry: bool) -> None:
        extra = {"message_id": wanted.message_id, "attempt": wanted.attempt, "reason": reason}
        logger.warning("media not fetched", extra=extra)
        with self.core.unit_of_work() as uow:
            services.record_failure(uow, wanted.message_id, reason=reason, can_retry=can_retry)
