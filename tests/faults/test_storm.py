"""A small fault run on both platforms: whatever goes wrong, the rules hold at both ends."""

import pytest

from tests.faults.storm.driving import run
from tests.faults.storm.judging import broken_rules
from tests.faults.storm.weather import WECHAT, WEIBO, Storm

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]


def test_every_message_ends_once_and_in_order_whatever_goes_wrong(tmp_path):
    storms = [
        Storm(platform=WECHAT, messages=100, citizens=25, seconds=8.0),
        Storm(platform=WEIBO, messages=20, citizens=5, seconds=8.0),
    ]

    outcomes = run(storms, tmp_path, patience_seconds=120)

    assert [broken_rules(outcome.evidence) for outcome in outcomes] == [{}, {}]
    for outcome in outcomes:
        faults, asked = outcome.evidence.stats["faults"], outcome.storm.messages
        assert len(outcome.evidence.heard) >= asked
        assert sum(faults.values()) > 0, "nothing went wrong: the run proves nothing"
