"""Citizens' media as WeChat gives them: at an address of its own, or by an id with the token."""

from collections.abc import Mapping
from typing import Protocol

from bot.channels.base import Remedy
from bot.channels.downloads import Downloads
from bot.channels.media import (
    MediaExpired,
    MediaNotFetched,
    MediaRefused,
    MediaUnavailable,
)
from bot.channels.wechat.api_errors import WeChatApiError
from bot.channels.wechat.media_calls import json_in
from core.media.states import MediaKind, Refusal

EXPIRED = 40007

# What passes by itself, or once somebody has mended it while the platform keeps the file.
RETRYABLE = frozenset({
    Remedy.RETRY_LATER, Remedy.RETRY_BRIEFLY, Remedy.RETRY_TOMORROW, Remedy.ALARM,
})  # fmt: skip


class GivesMedia(Protocol):
    """The part of the WeChat API that fetching needs."""

    def fetch_media(self, media_id: str, *, limit_bytes: int) -> bytes:
        """Return the bytes of media/get, or raise WeChatApiError or MediaNotFetched."""


class WeChatMedia:
    def __init__(self, api: GivesMedia, downloads: Downloads) -> None:
        self._api = api
        self._downloads = downloads

    def fetch(self, kind: MediaKind, source: Mapping[str, str], *, limit_bytes: int) -> bytes:
        """Take a picture from its address, which costs no quota, and all else by its id."""
        address, media_id = source.get("picture_url", ""), source.get("media_id", "")
        if kind is MediaKind.IMAGE and address and self._downloads.is_allowed(address):
            try:
                return self._downloads.fetch(address, limit_bytes=limit_bytes)
            except (MediaExpired, MediaUnavailable):
                if not media_id:
                    raise
        if not media_id:
            raise MediaRefused(Refusal.FORBIDDEN_ADDRESS if address else Refusal.NO_SOURCE)
        content = self._by_id(media_id, limit_bytes)
        elsewhere = _address_in(content)
        if elsewhere:
            return self._downloads.fetch(elsewhere, limit_bytes=limit_bytes)
        return content

    def _by_id(self, media_id: str, limit_bytes: int) -> bytes:
        try:
            return self._api.fetch_media(media_id, limit_bytes=limit_bytes)
        except WeChatApiError as error:
            raise _as_media_error(error) from error


def _as_media_error(error: WeChatApiError) -> MediaNotFetched:
    if error.platform_code == EXPIRED:
        return MediaExpired(error.reason)
    can_retry = error.remedy in RETRYABLE or error.platform_code is None
    return MediaUnavailable(error.reason, can_retry=can_retry)


def _address_in(content: bytes) -> str:
    """Return where a video lies, for which the platform may answer with an address alone."""
    fields = json_in(content)
    address = fields.get("video_url") or fields.get("down_url")
    return address if isinstance(address, str) else ""
