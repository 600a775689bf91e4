"""Calls whose signature says nothing about their body: one signature may bring one message only."""

from collections import OrderedDict
from datetime import datetime, timedelta

from bot.channels.base import StalePush

# Two hundred bytes each, and far more than come within the time a signature is fresh.
REMEMBERED = 10_000


class SignaturesSeen:
    """Remembers, in this process, which message came under which signature.

    A repeated push brings the same message again and passes; whoever has overheard a
    signed address and sends another message to it does not.
    """

    def __init__(self, kept_for: timedelta, *, at_most: int = REMEMBERED) -> None:
        self._kept_for = kept_for
        self._at_most = at_most
        self._seen: OrderedDict[str, tuple[datetime, str]] = OrderedDict()

    def require_same(self, signature: str, message_key: str, now: datetime) -> None:
        """Raise StalePush when the signature has come with another message before."""
        self._forget_older_than(now - self._kept_for)
        if signature not in self._seen:
            if len(self._seen) >= self._at_most:
                self._seen.popitem(last=False)
            self._seen[signature] = (now, message_key)
        if self._seen[signature][1] != message_key:
            raise StalePush("the signature came with another message before")

    def _forget_older_than(self, moment: datetime) -> None:
        while self._seen:
            oldest, (seen_at, _) = next(iter(self._seen.items()))
            if seen_at >= moment:
                return
            del self._seen[oldest]
