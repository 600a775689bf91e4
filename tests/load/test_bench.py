"""The benchmark itself: what it fires is accepted, and what it counts has happened."""

from collections import Counter

from tests.load.__main__ import _table
from tests.load.acknowledging import measure
from tests.load.firing import Volley


def test_every_push_of_every_mode_is_acknowledged_by_both(tmp_path):
    found = measure(tmp_path, 20)

    assert [door.title for door, _, _ in found] == [
        "微信 明文",
        "微信 兼容",
        "微信 安全",
        "微博 JSON",
    ]
    for door, ours, peer in found:
        assert ours.statuses == Counter({200: 20}), door.title
        assert ours.answered == 0
        if peer is not None:
            assert (peer.statuses, peer.answered) == (Counter({200: 20}), 20)


def test_a_percentile_is_one_of_the_measured_times():
    volley = Volley(Counter({200: 4}), 4, 2.0, [4.0, 1.0, 3.0, 2.0])

    assert volley.per_second == 2.0
    assert (volley.percentile(0.5), volley.percentile(0.99)) == (3.0, 4.0)


def test_a_table_has_a_line_for_each_row():
    assert _table("题", "注", ["甲", "乙"], [["1", "2"]])[-3:] == [
        "| 甲 | 乙 |",
        "|---|---|",
        "| 1 | 2 |",
    ]
