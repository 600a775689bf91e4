"""Citizens' media as Weibo gives them: by the id that the push names for the receiver."""

from collections.abc import Mapping
from typing import Protocol

from bot.channels.base import Remedy
from bot.channels.media import MediaNotFetched, MediaRefused, MediaUnavailable
from bot.channels.weibo.api_errors import WeiboApiError
from bot.channels.weibo.client import FetchedMedia
from core.media.states import MediaKind, Refusal

RETRYABLE = frozenset({
    Remedy.RETRY_LATER, Remedy.RETRY_BRIEFLY, Remedy.RETRY_TOMORROW, Remedy.ALARM,
})  # fmt: skip


class GivesMedia(Protocol):
    """The part of the Weibo API that fetching needs."""

    def fetch_media(self, tovfid: str, *, limit_bytes: int) -> FetchedMedia:
        """Return the file, or raise WeiboApiError."""


class WeiboMedia:
    def __init__(self, api: GivesMedia) -> None:
        self._api = api

    def fetch(self, kind: MediaKind, source: Mapping[str, str], *, limit_bytes: int) -> bytes:
        tovfid = source.get("media_id", "")
        if not tovfid:
            raise MediaRefused(Refusal.NO_SOURCE)
        try:
            return self._api.fetch_media(tovfid, limit_bytes=limit_bytes).content
        except WeiboApiError as error:
            raise _as_media_error(error) from error


def _as_media_error(error: WeiboApiError) -> MediaNotFetched:
    """None of Weibo's codes says that a file is gone: what is refused for good has failed."""
    if error.remedy is Remedy.BUG and error.platform_code is None:
        return MediaRefused(Refusal.TOO_LARGE)
    return MediaUnavailable(error.reason, can_retry=error.remedy in RETRYABLE)
