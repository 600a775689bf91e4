from datetime import UTC, datetime, timedelta

import pytest

from bot.channels import signatures
from bot.channels.base import InvalidSignature, StalePush
from tests.bot.channels.wechat.platform import signed, vectors

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TOLERANCE = timedelta(minutes=5)


@pytest.mark.parametrize("vector", vectors("signatures"))
def test_the_platforms_own_examples_are_accepted(vector):
    signatures.verify(vector["token"], vector)


def test_weibos_example_is_accepted():
    # The same scheme with the app secret, and a time in milliseconds.
    query = {
        "signature": "90e4c22c90a58f26526c2dd5b6c56c8822edeaa1",
        "timestamp": "1397022061823",
        "nonce": "57155157",
    }

    signatures.verify("xyz123xyz", query)


@pytest.mark.parametrize(
    "wrong",
    [
        {"signature": "0" * 40},
        {"signature": ""},
        {"signature": "签名"},
        {"signature": "\udcff"},
        {"timestamp": "1"},
        {"nonce": "2"},
        {"nonce": ""},
        {"nonce": "]]></Nonce>"},
    ],
)
def test_a_call_that_differs_from_what_was_signed_is_refused(wrong):
    with pytest.raises(InvalidSignature):
        signatures.verify("qinghe-webhook", signed() | wrong)


def test_a_call_without_any_parameter_is_refused():
    with pytest.raises(InvalidSignature):
        signatures.verify("qinghe-webhook", {})


def test_a_call_signed_with_another_token_is_refused():
    with pytest.raises(InvalidSignature):
        signatures.verify("qinghe-webhook", signed(token="other"))


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_a_call_within_five_minutes_is_fresh(seconds):
    signatures.require_fresh(NOW + timedelta(seconds=seconds), NOW, TOLERANCE)


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_call_from_another_time_is_stale(seconds):
    with pytest.raises(StalePush):
        signatures.require_fresh(NOW + timedelta(seconds=seconds), NOW, TOLERANCE)
