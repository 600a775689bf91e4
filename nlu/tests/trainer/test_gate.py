"""The rules of the gate, as a table: what makes a candidate worse than the live model."""

import pytest

from nlu.trainer import gate
from nlu.trainer.gate import Comparison
from nlu.trainer.hearing import Asked, Heard

LOST, MARRY = "faq/id_card_lost", "faq/marriage_materials"


def compared(*rows, milliseconds=(3.0, 3.0)):
    """Rows are (set, right label or None, before, after)."""
    asked, before, after = [], {}, {}
    for place, (of, label, was, now) in enumerate(rows):
        one = Asked(f"问题{place}", (label,) if label else ("out_of_scope",), of)
        asked.append(one)
        before[one.text], after[one.text] = heard(was), heard(now)
    return Comparison(asked, before, after, milliseconds)


def heard(label):
    if isinstance(label, tuple):
        return Heard(None, label, 0.5, label[0])
    return Heard(label, (), 0.9, label)


def failed(both):
    return {rule.code for rule, verdict in gate.judge(both).items() if not verdict.is_passed}


@pytest.mark.parametrize(
    ("row", "rules"),
    [
        (("gold", LOST, LOST, LOST), set()),
        (("gold", LOST, LOST, MARRY), {"gold"}),
        (("gold", LOST, LOST, (LOST, MARRY)), {"gold"}),
        (("gold", LOST, MARRY, MARRY), set()),
        (("gold", LOST, None, LOST), set()),
        (("must_refuse", None, None, LOST), {"must_refuse"}),
        (("must_refuse", None, "out_of_scope", (LOST, MARRY)), set()),
        (("must_refuse", None, LOST, MARRY), set()),
        (("out_of_scope", None, None, LOST), {"strangers"}),
        (("out_of_scope", None, None, "greet"), set()),
    ],
)
def test_one_question_decides(row, rules):
    assert failed(compared(row)) == rules


def test_one_question_of_an_intent_may_be_lost_by_chance():
    steady = [("test", MARRY, MARRY, MARRY)] * 400

    assert failed(compared(*steady, ("test", LOST, LOST, MARRY))) == set()
    assert failed(compared(*steady, *[("test", LOST, LOST, MARRY)] * 2)) == {"recall"}


def test_what_an_intent_wins_stands_against_what_it_loses():
    steady = [("test", MARRY, MARRY, MARRY)] * 400
    won_and_lost = [("test", LOST, LOST, MARRY)] * 2 + [("development", LOST, MARRY, LOST)]

    assert failed(compared(*steady, *won_and_lost)) == set()


def test_losses_spread_over_all_intents_lower_the_accuracy():
    steady = [("test", MARRY, MARRY, MARRY)] * 194
    spread = [("test", f"faq/q{n}", f"faq/q{n}", MARRY) for n in range(6)]

    both = compared(*steady, *spread)

    assert failed(both) == {"accuracy"}
    assert gate.accuracy(both).note == "100.0% → 97.0%"


@pytest.mark.parametrize(
    ("before", "after", "is_passed"),
    [(3.0, 5.9, True), (3.0, 6.1, False), (0.5, 2.4, True), (0.0, 1.0, True)],
)
def test_understanding_must_not_become_slow(before, after, is_passed):
    verdict = gate.latency(compared(milliseconds=(before, after)))

    assert verdict.is_passed is is_passed


def test_what_became_better_and_worse_is_told_with_its_questions():
    better, worse = gate.changed(
        compared(("gold", LOST, MARRY, LOST), ("test", LOST, (LOST, MARRY), MARRY))
    )

    assert [one.asked.text for one in better] == ["问题0"]
    assert [one.asked.text for one in worse] == ["问题1"]
