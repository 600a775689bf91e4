import pytest

from nlu.evaluate import metrics
from nlu.evaluate.rows import FAR, NEAR, EvaluationSet, Row
from nlu.evaluate.understanding import Understood


def answered(label, *others, in_scope=0.9, milliseconds=1.0):
    return Understood((label, *others), label, (), in_scope, milliseconds)


def offered(*labels, in_scope=0.5):
    return Understood(labels, None, labels, in_scope)


def missed(*labels, in_scope=0.1):
    return Understood(labels, None, (), in_scope)


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        (answered("faq/a"), "answered_right"),
        (answered("faq/b"), "answered_wrong"),
        (answered("out_of_scope"), "missed"),
        (answered("nonsense"), "missed"),
        (offered("faq/b", "faq/a"), "offered_right"),
        (offered("faq/b", "faq/c"), "offered_wrong"),
        (missed("faq/a"), "missed"),
    ],
)
def test_what_a_citizen_gets_is_one_of_five_outcomes(found, outcome):
    assert metrics.outcome(Row("甲", ("faq/a",)), found) == outcome


def test_either_of_two_questions_in_one_is_right():
    row = Row("甲和乙", ("faq/a", "faq/b"))

    assert metrics.outcome(row, answered("faq/b")) == "answered_right"


def test_keyboard_noise_that_is_called_so_is_right():
    assert metrics.outcome(Row("。。", ("nonsense",)), answered("nonsense")) == "answered_right"


def test_outcomes_are_shares_of_all_that_was_asked():
    row = Row("甲", ("faq/a",))
    found = [answered("faq/a"), answered("faq/a"), answered("faq/b"), offered("faq/a"), missed()]

    shares = metrics.outcomes([(row, item) for item in found])

    assert shares == {
        "answered_right": 0.4,
        "answered_wrong": 0.2,
        "offered_right": 0.2,
        "offered_wrong": 0.0,
        "missed": 0.2,
        "coverage": pytest.approx(0.6),
        "accuracy_when_answered": pytest.approx(2 / 3),
    }


def test_macro_f1_weighs_every_label_the_same():
    asked = [
        *((Row(f"甲{n}", ("a",)), answered("a")) for n in range(3)),
        (Row("甲3", ("a",)), answered("b")),
        (Row("乙", ("b",)), answered("b")),
    ]

    # a: 3 hits, 1 missed: 6/7. b: 1 hit, 1 wrong: 2/3.
    assert metrics.macro_f1(asked) == pytest.approx((6 / 7 + 2 / 3) / 2)


def test_a_label_that_nobody_asked_for_does_not_lower_macro_f1_twice():
    asked = [(Row("甲", ("a",)), answered("z")), (Row("乙", ("b",)), answered("b"))]

    assert metrics.macro_f1(asked) == pytest.approx((0 + 1) / 2)


def test_auroc_is_the_chance_that_known_scores_higher_with_ties_as_half():
    # Pairs: 0.9 beats all three, 0.5 beats one, ties one, loses one.
    assert metrics.auroc([0.9, 0.5], [0.2, 0.5, 0.7]) == pytest.approx(4.5 / 6)


def test_recall_of_strangers_is_counted_below_the_line_that_accepts_95_percent():
    known = [place / 20 for place in range(1, 21)]  # 0.05 … 1.0: the line is at 0.10
    strange = [0.05, 0.09, 0.10, 0.5]

    assert metrics.recall_of_strangers(known, strange) == 0.5


def test_few_known_messages_must_all_be_accepted():
    assert metrics.recall_of_strangers([0.3, 0.9], [0.2, 0.3, 0.4]) == pytest.approx(1 / 3)


def test_the_interval_of_a_share_is_wilsons():
    low, high = metrics.interval(8, 10)

    assert (low, high) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))
    assert metrics.interval(10, 10)[1] == 1.0
    assert metrics.interval(0, 0) == (None, None)


def test_speed_is_told_as_median_tail_and_rate():
    found = metrics.speed([1.0, 2.0, 3.0, 4.0, 10.0])

    assert found == {
        "ms_median": 3.0,
        "ms_p95": pytest.approx(8.8),
        "messages_per_second": pytest.approx(250.0),
    }


def test_figures_of_a_whole_set():
    measured = EvaluationSet(
        "test",
        "测试集",
        (
            Row("甲", ("faq/a",), "short", ("甲1", "甲2")),
            Row("乙", ("faq/b",), "long", ("乙1", "乙2")),
            Row("近", (), NEAR),
            Row("远", (), FAR),
        ),
        gold=(Row("金", ("faq/a",)),),
        must_refuse=(Row("险", (), NEAR), Row("人", (), NEAR)),
    )
    understandings = {
        "甲": answered("faq/a", in_scope=0.9, milliseconds=2.0),
        "甲1": answered("faq/a"),
        "甲2": answered("faq/b"),
        "乙": offered("faq/a", "faq/b", in_scope=0.5),
        "乙1": answered("faq/b"),
        "乙2": missed("faq/b"),
        "近": answered("faq/a", in_scope=0.7, milliseconds=4.0),
        "远": missed(in_scope=0.1),
        "金": answered("faq/a"),
        "险": answered("faq/a"),
        "人": answered("request_human"),
    }

    found = metrics.figures(measured, understandings)

    assert found["in_scope"] == 2
    assert found["accuracy"] == 0.5
    assert found["top3_accuracy"] == 1.0
    assert (found["accuracy_typo1"], found["accuracy_typo2"]) == (1.0, 0.5)
    assert (found["coverage"], found["offered_right"]) == (0.5, 0.5)
    assert (found["oos_recall_at_95_near"], found["oos_recall_at_95_far"]) == (0.0, 1.0)
    assert (found["auroc_near"], found["auroc_far"], found["auroc"]) == (0.5, 1.0, 0.75)
    assert (found["oos_answered_near"], found["oos_answered_far"]) == (1.0, 0.0)
    assert (found["gold_answered_right"], found["must_refuse_kept"]) == (1.0, 0.5)
    assert found["by_kind"] == {
        "long": {"rows": 1, "accuracy": 0.0, "answered_wrong": 0.0},
        "short": {"rows": 1, "accuracy": 1.0, "answered_wrong": 0.0},
    }


def test_keyboard_noise_does_not_lower_the_line_for_strangers():
    rows = (Row("问", ("faq/a",)), Row("。。", ("nonsense",)), Row("远", (), FAR))
    understandings = {
        "问": answered("faq/a", in_scope=0.9),
        "。。": answered("nonsense", in_scope=0.0),
        "远": missed(in_scope=0.4),
    }

    found = metrics.strangers(EvaluationSet("test", "", rows), understandings)

    assert found["oos_recall_at_95"] == 1.0


def test_figures_of_a_set_without_strangers_are_unknown_not_zero():
    measured = EvaluationSet("test", "", (Row("甲", ("a",)),))

    found = metrics.figures(measured, {"甲": answered("a")})

    assert found["auroc"] is found["oos_recall_at_95"] is found["accuracy_typo1"] is None
    assert found["gold_answered_right"] is None
