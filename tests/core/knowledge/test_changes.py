"""A change goes from an editor over a second person to citizens, and nothing gets lost."""

from datetime import timedelta

import pytest

from core import event_log
from core.departments.errors import DepartmentNotFound
from core.knowledge import queries
from core.knowledge.errors import (
    ChangeNotFound,
    EntryChangedMeanwhile,
    EntryIncomplete,
    EntryIsForPeople,
    IllegalChangeStep,
    NothingChanged,
    NotYourChange,
    ReviewerIsAuthor,
    ReviewNoteMissing,
    SlugInvalid,
    SlugTaken,
    StaleChange,
)
from core.knowledge.services import (
    abandon_change,
    approve_change,
    draft_change,
    draft_withdrawal,
    release_changes,
    return_change,
    save_draft,
    submit_change,
    take_back_change,
)
from core.knowledge.states import (
    TRANSITIONS,
    ChangeState,
    ChangeStep,
    EntryScope,
    EntryState,
    next_state,
)
from tests.builders import a_change, a_department, a_draft, an_entry
from tests.fakes import MONDAY

TODAY = MONDAY.date()


def logged(uow, slug="loss"):
    return [row.type for row in event_log.history(uow.session, f"entry:{slug}")]


def test_a_change_is_first_a_draft_that_changes_nothing(uow, entry, editor):
    change = a_change(uow, entry, editor, answer="新答案")

    assert (change.state, change.base_version) == (ChangeState.DRAFT, 1)
    assert change.content.answer == "新答案"
    assert entry.answer == "旧答案"
    assert queries.open_changes(uow.session, author_id=editor.id) == [change]


def test_an_approved_answer_is_live_at_once(uow, entry, editor, reviewer, approved):
    change = approved(a_change(uow, entry, editor, answer="新答案", note="改了办理地点"))

    assert change.state is ChangeState.LIVE
    assert (entry.answer, entry.version) == ("新答案", 2)
    assert queries.get_servable(uow.session, "loss", today=TODAY).answer == "新答案"
    newest, oldest = queries.history(uow.session, "loss")
    assert (newest.version, newest.author_id, newest.reviewer_id) == (2, editor.id, reviewer.id)
    assert (newest.content.answer, newest.note) == ("新答案", "改了办理地点")
    assert (oldest.version, oldest.content.answer, oldest.author_id) == (1, "旧答案", None)
    assert logged(uow) == [
        "EntryImported", "ChangeDrafted", "ChangeSubmitted", "ChangeApproved", "EntryReleased",
    ]  # fmt: skip


def test_nobody_approves_or_returns_an_own_change(uow, entry, editor):
    change = a_change(uow, entry, editor, answer="新答案")
    submit_change(uow, change.id, author_id=editor.id)

    with pytest.raises(ReviewerIsAuthor):
        approve_change(uow, change.id, reviewer_id=editor.id)
    with pytest.raises(ReviewerIsAuthor):
        return_change(uow, change.id, reviewer_id=editor.id, note="再改")
    assert change.state is ChangeState.IN_REVIEW


def test_a_returned_change_is_a_draft_with_a_word_from_the_reviewer(uow, entry, editor, reviewer):
    change = a_change(uow, entry, editor, answer="新答案")
    submit_change(uow, change.id, author_id=editor.id)

    with pytest.raises(ReviewNoteMissing):
        return_change(uow, change.id, reviewer_id=reviewer.id, note=" ")
    return_change(uow, change.id, reviewer_id=reviewer.id, note="请写明条款")

    assert (change.state, change.review_note) == (ChangeState.DRAFT, "请写明条款")
    assert logged(uow)[-1] == "ChangeReturned"


def test_an_author_can_take_a_change_back_out_of_review(uow, entry, editor):
    change = a_change(uow, entry, editor, answer="新答案")
    submit_change(uow, change.id, author_id=editor.id)

    take_back_change(uow, change.id, author_id=editor.id)

    assert change.state is ChangeState.DRAFT


def test_only_the_author_goes_on_with_a_draft(uow, entry, editor, reviewer):
    change = a_change(uow, entry, editor, answer="新答案")

    for step in (submit_change, abandon_change, take_back_change):
        with pytest.raises(NotYourChange):
            step(uow, change.id, author_id=reviewer.id)
    with pytest.raises(NotYourChange):
        save_draft(uow, change.id, change.content, author_id=reviewer.id, revision=1)


def test_a_draft_opened_twice_is_saved_once(uow, entry, editor):
    change = a_change(uow, entry, editor, answer="一")
    save_draft(uow, change.id, a_draft(uow, entry, answer="二"), author_id=editor.id, revision=1)

    with pytest.raises(StaleChange):
        save_draft(
            uow, change.id, a_draft(uow, entry, answer="三"), author_id=editor.id, revision=1
        )

    assert (change.content.answer, change.revision) == ("二", 2)


def test_what_is_in_review_is_not_saved_over(uow, entry, editor):
    change = a_change(uow, entry, editor, answer="一")
    submit_change(uow, change.id, author_id=editor.id)

    with pytest.raises(StaleChange):
        save_draft(uow, change.id, change.content, author_id=editor.id, revision=1)


def test_of_two_editors_the_second_is_told_and_goes_on_from_the_new_version(
    uow, entry, editor, reviewer, approved
):
    first = a_change(uow, entry, editor, answer="一")
    second = a_change(uow, entry, editor, answer="二")
    approved(first)

    with pytest.raises(EntryChangedMeanwhile) as told, uow.session.begin_nested():
        submit_change(uow, second.id, author_id=editor.id)

    assert told.value.details["version"] == 2
    uow.session.refresh(second)
    save_draft(uow, second.id, second.content, author_id=editor.id, revision=1, base_version=2)
    approved(second)
    assert (entry.answer, entry.version) == ("二", 3)


def test_a_review_that_lasted_too_long_is_told_that_the_entry_has_changed(
    uow, entry, editor, reviewer
):
    change = a_change(uow, entry, editor, answer="一")
    submit_change(uow, change.id, author_id=editor.id)
    an_entry(uow, slug="loss", answer="从文件来的答案", department=entry.department)

    with pytest.raises(EntryChangedMeanwhile):
        approve_change(uow, change.id, reviewer_id=reviewer.id)


def test_what_changes_nothing_is_not_sent_to_review(uow, entry, editor):
    change = a_change(uow, entry, editor)

    with pytest.raises(NothingChanged):
        submit_change(uow, change.id, author_id=editor.id)


@pytest.mark.parametrize(
    ("lack", "missing"),
    [
        ({"question": " "}, "question"),
        ({"answer": ""}, "answer"),
        ({"variants": []}, "variants"),
        ({"references": []}, "references"),
        ({"scope": EntryScope.LOCAL, "local_gap": None}, "local_gap"),
    ],
)
def test_a_draft_may_be_incomplete_but_not_what_is_reviewed(uow, entry, editor, lack, missing):
    change = a_change(uow, entry, editor, **lack)

    with pytest.raises(EntryIncomplete) as refused:
        submit_change(uow, change.id, author_id=editor.id)

    assert refused.value.details["missing"] == missing


def test_an_entry_needs_an_owner_before_review(uow, entry, editor):
    change = a_change(uow, entry, editor, department_code="nobody")

    with pytest.raises(DepartmentNotFound):
        submit_change(uow, change.id, author_id=editor.id)


def test_a_new_entry_needs_a_name_of_its_own(uow, entry, editor):
    with pytest.raises(SlugTaken):
        draft_change(uow, a_draft(uow, slug="loss"), author_id=editor.id, base_version=0)
    for slug in ("", "中文", "with space", "x" * 81):
        with pytest.raises(SlugInvalid):
            draft_change(uow, a_draft(uow, slug=slug), author_id=editor.id)


def test_of_two_new_entries_with_one_name_the_second_is_told(uow, editor, reviewer, approved):
    first, second = (
        draft_change(uow, a_draft(uow, slug="twin"), author_id=editor.id, base_version=0)
        for _ in range(2)
    )
    approved(first)
    submit_change(uow, second.id, author_id=editor.id)
    release_changes(uow, [first.id], model_version="m-1")

    with pytest.raises(SlugTaken):
        approve_change(uow, second.id, reviewer_id=reviewer.id)


def test_an_approved_withdrawal_takes_the_answer_away_at_once(uow, entry, editor, approved):
    change = approved(draft_withdrawal(uow, "loss", author_id=editor.id, reason="政策废止"))

    assert (change.state, entry.state) == (ChangeState.LIVE, EntryState.WITHDRAWN)
    assert queries.training_set(uow.session) == []


def test_what_only_people_may_answer_is_not_served(uow, entry, editor, approved):
    approved(a_change(uow, entry, editor, is_people_only=True))

    with pytest.raises(EntryIsForPeople):
        queries.get_servable(uow.session, "loss", today=TODAY)


def test_an_unknown_change_is_not_found(uow, editor):
    with pytest.raises(ChangeNotFound):
        submit_change(uow, 999_999, author_id=editor.id)
    with pytest.raises(ChangeNotFound):
        queries.get_change(uow.session, 999_999)


@pytest.mark.parametrize("state", list(ChangeState))
@pytest.mark.parametrize("step", list(ChangeStep))
def test_a_step_is_taken_only_where_the_table_has_it(state, step):
    if (state, step) in TRANSITIONS:
        assert next_state(state, step) is TRANSITIONS[state, step]
    else:
        with pytest.raises(IllegalChangeStep):
            next_state(state, step)


def test_an_abandoned_change_is_over(uow, entry, editor):
    change = a_change(uow, entry, editor, answer="新答案")
    uow.now += timedelta(minutes=1)

    abandon_change(uow, change.id, author_id=editor.id)

    assert (change.state, change.decided_at) == (ChangeState.ABANDONED, uow.now)
    assert queries.open_changes(uow.session) == []
    with pytest.raises(IllegalChangeStep):
        submit_change(uow, change.id, author_id=editor.id)


def test_a_unit_of_the_office_can_be_named_as_owner(uow, entry, editor, approved):
    department = a_department(uow)

    approved(a_change(uow, entry, editor, department_code=department.code))

    assert entry.department_id == department.id
    assert entry.content.department_code == department.code
