from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.base import StalePush
from bot.channels.replays import SignaturesSeen

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
KEPT_FOR = timedelta(minutes=10)


def test_one_signature_brings_one_message_however_often():
    seen = SignaturesSeen(KEPT_FOR)
    for _ in range(3):
        seen.require_same("s", "message", NOW)

    with pytest.raises(StalePush):
        seen.require_same("s", "another", NOW)


def test_a_signature_is_remembered_as_long_as_it_could_be_used():
    seen = SignaturesSeen(KEPT_FOR)
    seen.require_same("s", "message", NOW)

    with pytest.raises(StalePush):
        seen.require_same("s", "another", NOW + KEPT_FOR)
    seen.require_same("s", "another", NOW + KEPT_FOR + timedelta(seconds=1))


def test_what_is_remembered_has_a_bound():
    seen = SignaturesSeen(KEPT_FOR, at_most=2)
    for signature in ("a", "b", "c"):
        seen.require_same(signature, "message", NOW)

    seen.require_same("a", "another", NOW)
    with pytest.raises(StalePush):
        seen.require_same("c", "another", NOW)
