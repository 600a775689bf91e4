"""Fetching what citizens sent beside words: how a platform can fail to give it."""

from collections.abc import Mapping
from typing import Protocol

from core.media.states import MediaKind, Refusal


class MediaNotFetched(Exception):
    """The bytes did not come; `can_retry` when they may come later by themselves."""

    can_retry = False


class MediaUnavailable(MediaNotFetched):
    """The platform, or the way to it, stood in the way."""

    def __init__(self, reason: str, *, can_retry: bool) -> None:
        super().__init__(reason)
        self.can_retry = can_retry


class MediaExpired(MediaNotFetched):
    """The platform has it no longer."""


class MediaRefused(MediaNotFetched):
    """Bytes came, or would have, that we do not take."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


class FetchesMedia(Protocol):
    """An account, as far as media go."""

    def fetch(self, kind: MediaKind, source: Mapping[str, str], *, limit_bytes: int) -> bytes:
        """Return the bytes that a push has named, or raise MediaNotFetched."""
