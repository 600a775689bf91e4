"""Editors see what citizens asked in vain, and give it to an entry in one click."""

from datetime import timedelta

import pytest

from core.gaps import queries
from core.gaps.services import collect_gaps, place_gaps, unplaced_gaps
from core.gaps.states import GapState
from core.knowledge import queries as knowledge
from core.knowledge.states import ChangeState
from core.operators.permissions import Role
from tests.builders import an_entry
from tests.core.gaps.talks import is_missed

EAST = [1.0, 0.0]


@pytest.fixture
def editor(person):
    return person(Role.EDITOR, display_name="余雯")


@pytest.fixture
def desk(sign_in_as, editor):
    return sign_in_as(operator=editor)


@pytest.fixture
def group(core, clock):
    """Two citizens have asked for dogs' papers in vain."""
    with core.unit_of_work() as uow:
        an_entry(uow, slug="pets", question="怎么办犬证？", variants=["养狗办证"])
        is_missed(uow, "给狗上户口", "pets")
        is_missed(uow, "狗证咋办", "pets")
    clock.advance(timedelta(minutes=30))
    with core.unit_of_work() as uow:
        collect_gaps(uow)
        place_gaps(uow, {gap.gap_id: EAST for gap in unplaced_gaps(uow)})
    with core.unit_of_work() as uow:
        return queries.groups(uow.session, GapState.OPEN)[0]


def change_of(core, editor):
    with core.unit_of_work() as uow:
        [change] = knowledge.open_changes(uow.session, author_id=editor.id)
        return change


def test_a_group_is_shown_with_its_wordings_and_the_likely_entry(desk, group):
    page = desk.get("/gaps/").text

    assert "给狗上户口" in page
    assert "狗证咋办" in page
    assert "没有答上 2" in page
    assert "怎么办犬证？" in page


def test_one_click_sends_all_wordings_to_review(core, desk, editor, group):
    answer = desk.post(f"/gaps/{group.id}/assign", {"slug": "pets"})

    assert answer.status_code == 302
    change = change_of(core, editor)
    assert change.state is ChangeState.IN_REVIEW
    assert set(change.content.variants) == {"养狗办证", "给狗上户口", "狗证咋办"}
    assert "没有待学习的问题" in desk.get("/gaps/").text
    assert "已把 2 种问法加入" not in desk.get("/gaps/?state=assigned").text


def test_wordings_can_be_changed_and_left_out(core, desk, editor, group):
    desk.post(
        f"/gaps/{group.id}/assign", {"slug": "pets", "chosen": "1", "text": ["给狗狗上户口", ""]}
    )

    assert change_of(core, editor).content.variants == ["养狗办证", "给狗狗上户口"]


def test_a_new_entry_begins_with_the_wordings(core, desk, editor, group):
    answer = desk.post(f"/gaps/{group.id}/start", {"topic": "id_card"})

    change = change_of(core, editor)
    assert answer.headers["Location"].endswith(f"/knowledge/changes/{change.id}/edit")
    assert change.is_new
    assert change.state is ChangeState.DRAFT
    assert desk.get(f"/knowledge/changes/{change.id}/edit").status_code == 200


def test_an_ignored_group_can_be_taken_back(desk, group):
    desk.post(f"/gaps/{group.id}/dismiss", {"reason": "不归我们管"})
    assert "不归我们管" in desk.get("/gaps/?state=dismissed").text

    desk.post(f"/gaps/{group.id}/reopen")

    assert "给狗上户口" in desk.get("/gaps/").text


def test_a_group_that_somebody_decided_on_meanwhile_is_told(desk, group):
    desk.post(f"/gaps/{group.id}/dismiss")

    answer = desk.post(f"/gaps/{group.id}/assign", {"slug": "pets"})

    assert "已由他人处理" in desk.get(answer.headers["Location"]).text


def test_an_empty_choice_is_told_and_changes_nothing(desk, group):
    answer = desk.post(f"/gaps/{group.id}/assign", {"slug": "pets", "chosen": "1", "text": ""})

    assert "请至少保留一种问法" in desk.get(answer.headers["Location"]).text


def test_other_entries_are_found_by_their_words(desk, group):
    assert "怎么办犬证？" in desk.get(f"/gaps/{group.id}/entries?words=犬").text
    assert "没有找到" in desk.get(f"/gaps/{group.id}/entries?words=不存在的词").text


def test_who_may_not_edit_sees_nothing_of_it(sign_in_as, group):
    assert sign_in_as(Role.OPERATOR).get("/gaps/").status_code == 403
