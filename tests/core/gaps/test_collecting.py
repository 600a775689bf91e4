"""What citizens asked in vain is noted once, and questions of one meaning come together."""

from datetime import timedelta

import pytest

from core.gaps import queries
from core.gaps.models import Gap
from core.gaps.services import collect_gaps, place_gaps, unplaced_gaps
from core.gaps.services.collecting import SETTLED_AFTER, masked
from core.gaps.states import GapKind, GapState
from tests.builders import an_address
from tests.core.gaps.talks import complains, is_answered, is_missed, is_offered

LATER = SETTLED_AFTER + timedelta(minutes=1)
EAST, NORTH = [1.0, 0.0], [0.0, 1.0]
NORTH_EAST = [0.8, 0.6]


@pytest.fixture
def collect(core, clock):
    """Look for open questions when everybody has had time to choose."""

    def look():
        clock.advance(LATER)
        with core.unit_of_work() as uow:
            return collect_gaps(uow)

    return look


def noted(session):
    return [(gap.kind, gap.text) for gap in session.query(Gap).order_by(Gap.id)]


def test_a_missed_question_is_noted_with_the_bots_guesses(core, session, collect):
    with core.unit_of_work() as uow:
        is_missed(uow, "怎么给狗上户口", "household", "newborn")

    assert collect() == 1
    [gap] = session.query(Gap)
    assert (gap.kind, gap.text, gap.guesses) == (
        GapKind.MISSED,
        "怎么给狗上户口",
        ["household", "newborn"],
    )


def test_a_question_is_noted_once_however_often_is_looked(core, session, collect):
    with core.unit_of_work() as uow:
        is_missed(uow, "怎么给狗上户口")

    assert (collect(), collect()) == (1, 0)
    assert len(noted(session)) == 1


def test_nobody_is_hurried_to_choose(core, clock):
    with core.unit_of_work() as uow:
        is_offered(uow, "户口")
    with core.unit_of_work() as uow:
        assert collect_gaps(uow) == 0


def test_offers_that_were_not_taken_are_open_questions(core, session, collect):
    citizen = an_address()
    with core.unit_of_work() as uow:
        is_offered(uow, "户口", address=citizen)
        is_answered(uow, "别的事", "other", address=citizen)
        is_offered(uow, "社保")

    collect()

    assert noted(session) == [(GapKind.UNSETTLED, "户口"), (GapKind.UNSETTLED, "社保")]


def test_an_offer_that_was_taken_is_settled(core, session, collect):
    citizen = an_address()
    with core.unit_of_work() as uow:
        is_offered(uow, "户口", offers=("怎么迁户口", "新生儿上户口"), address=citizen)
        is_answered(uow, "怎么迁户口", "move", address=citizen)

    assert collect() == 0


def test_a_complaint_is_about_the_answer_before_it(core, session, collect):
    citizen = an_address()
    with core.unit_of_work() as uow:
        is_answered(uow, "身份证丢了", "lost", address=citizen)
        complains(uow, address=citizen)

    collect()

    [gap] = session.query(Gap)
    assert (gap.kind, gap.text, gap.answered_with) == (GapKind.UNHELPFUL, "身份证丢了", "lost")


def test_two_complaints_about_one_answer_are_one_open_question(core, session, collect):
    citizen = an_address()
    with core.unit_of_work() as uow:
        is_answered(uow, "身份证丢了", "lost", address=citizen)
        complains(uow, address=citizen)
        complains(uow, address=citizen)

    assert collect() == 1


def test_a_complaint_about_nothing_is_no_question(core, collect):
    with core.unit_of_work() as uow:
        complains(uow)

    assert collect() == 0


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("我的身份证11010519491231002X丢了", "我的身份证＊丢了"),
        ("电话 13812345678\n打不通", "电话 ＊ 打不通"),
        ("2026年的政策", "2026年的政策"),
        ("长" * 500, "长" * 200),
    ],
)
def test_long_numbers_are_masked_and_long_stories_cut(said, kept):
    assert masked(said) == kept


# --- grouping -------------------------------------------------------------------------------


def placed(core, collect, *asked):
    """Place questions of the given meanings; return the groups by how many they hold."""
    with core.unit_of_work() as uow:
        for text, *_ in asked:
            is_missed(uow, text)
    collect()
    with core.unit_of_work() as uow:
        waiting = {gap.text: gap.gap_id for gap in unplaced_gaps(uow)}
        place_gaps(uow, {waiting[text]: meaning for text, meaning in asked})
    with core.unit_of_work() as uow:
        return [
            (each.title, each.question_count) for each in queries.groups(uow.session, GapState.OPEN)
        ]


def test_questions_of_one_meaning_come_together(core, collect):
    assert placed(core, collect, ("甲", EAST), ("乙", NORTH), ("甲甲", NORTH_EAST)) == [
        ("甲", 2),
        ("乙", 1),
    ]


def test_a_question_asked_again_later_joins_its_group(core, collect):
    placed(core, collect, ("甲", EAST))

    assert placed(core, collect, ("又是甲", EAST)) == [("甲", 2)]


def test_a_placed_question_is_not_placed_again(core, collect):
    placed(core, collect, ("甲", EAST))

    with core.unit_of_work() as uow:
        assert unplaced_gaps(uow) == []
        assert place_gaps(uow, {1: EAST, 2: EAST}) == 0
