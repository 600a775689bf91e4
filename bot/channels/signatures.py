"""The signature that WeChat and Weibo put on a webhook call."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from bot.channels.base import InvalidSignature, StalePush, UnreadablePush

# Both platforms send a short number. The nonce is echoed in encrypted answers, so it must
# not be able to carry markup.
_NONCE = re.compile(r"[A-Za-z0-9_-]{1,128}")

# Not covered by the signature, and shown to whoever asks: nothing but what platforms send.
_ECHO = re.compile(r"[A-Za-z0-9_-]{1,128}")


def sign(*parts: str) -> str:
    """Return the platforms' signature: SHA-1 of the parts, sorted and joined."""
    joined = b"".join(sorted(_encoded(part) for part in parts))
    return hashlib.sha1(joined).hexdigest()  # noqa: S324 - their protocol


def verify(
    secret: str, query: Mapping[str, str], *signed: str, parameter: str = "signature"
) -> None:
    """Raise InvalidSignature unless somebody who knows `secret` made the call.

    `signed` is what the signature covers besides the timestamp and the nonce.
    """
    nonce = query.get("nonce", "")
    if not _NONCE.fullmatch(nonce):
        raise InvalidSignature("the nonce is missing or malformed")
    expected = sign(secret, query.get("timestamp", ""), nonce, *signed)
    if not hmac.compare_digest(_encoded(expected), _encoded(query.get(parameter, ""))):
        raise InvalidSignature(f"{parameter} does not match")


def signed_at(query: Mapping[str, str], *, ticks_per_second: int = 1) -> datetime | None:
    """Return when the call was signed; None when the timestamp is not a time."""
    try:
        return datetime.fromtimestamp(int(query.get("timestamp", "")) / ticks_per_second, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def require_fresh(signed_at: datetime | None, now: datetime, tolerance: timedelta) -> None:
    """Raise StalePush for a call signed long ago, or in the future; None is not a time."""
    if signed_at is None:
        raise StalePush("the timestamp is not a time")
    if abs(now - signed_at) > tolerance:
        raise StalePush(f"signed {(now - signed_at).total_seconds():.0f} seconds ago")


def echo_in(query: Mapping[str, str]) -> str:
    """Return what proves to the platform that the webhook is ours, or raise UnreadablePush."""
    echo = query.get("echostr", "")
    if not _ECHO.fullmatch(echo):
        raise UnreadablePush("echostr is missing or malformed")
    return echo


def _encoded(text: str) -> bytes:
    # A query may hold lone surrogates, which UTF-8 has no bytes for.
    return text.encode("utf-8", "replace")
