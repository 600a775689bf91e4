"""What a model must learn goes live with a model, or back to its author."""

import pytest

from core.knowledge import queries
from core.knowledge.contents import Refusal
from core.knowledge.errors import (
    ChangeUnderway,
)
from core.knowledge.services import (
    approve_change,
    draft_change,
    draft_withdrawal,
    refuse_changes,
    release_changes,
    save_draft,
    submit_change,
    withdraw_entry,
)
from core.knowledge.states import (
    ChangeState,
    EntryState,
)
from tests.builders import a_change, a_draft, an_entry
from tests.fakes import MONDAY

TODAY = MONDAY.date()


@pytest.mark.parametrize(
    "changed",
    [
        {"question": "身份证遗失了怎么办？"},
        {"variants": ["身份证丢了", "身份证掉了"]},
        {"topic": "x"},
    ],
)
def test_what_a_model_must_learn_waits_for_the_gate(uow, entry, editor, approved, changed):
    change = approved(a_change(uow, entry, editor, **changed))

    assert change.state is ChangeState.APPROVED
    assert entry.version == 1
    assert queries.approved_changes(uow.session) == [change]


def test_a_new_entry_waits_for_the_gate_and_is_then_answered(uow, editor, approved):
    change = draft_change(uow, a_draft(uow, slug="new_one"), author_id=editor.id, base_version=0)
    approved(change)
    assert queries.find(uow.session, "new_one") is None

    released = release_changes(uow, [change.id], model_version="m-2")

    assert released == [change]
    assert (change.state, change.model_version) == (ChangeState.LIVE, "m-2")
    entry = queries.get_servable(uow.session, "new_one", today=TODAY)
    assert (entry.version, entry.state) == (1, EntryState.PUBLISHED)
    [version] = queries.history(uow.session, "new_one")
    assert version.model_version == "m-2"


def test_a_refused_change_tells_why_and_can_be_mended(uow, entry, editor, approved):
    change = approved(a_change(uow, entry, editor, variants=["居住证怎么办"]))
    reasons = [Refusal("居住证怎么办", "与“怎么办居住证”相同")]

    refuse_changes(uow, {change.id: reasons})

    assert (change.state, change.refusals) == (ChangeState.REFUSED, reasons)
    assert entry.version == 1
    mended = save_draft(
        uow, change.id, change.content, author_id=editor.id, revision=change.revision
    )
    assert mended.state is ChangeState.DRAFT
    submit_change(uow, change.id, author_id=editor.id)
    assert change.refusals == []


def test_the_gate_leaves_alone_what_no_longer_waits_for_it(uow, entry, editor):
    change = a_change(uow, entry, editor, variants=["新问法"])

    assert release_changes(uow, [change.id], model_version="m-2") == []
    refuse_changes(uow, {change.id: [Refusal("", "无")]})

    assert change.state is ChangeState.DRAFT


def test_what_was_made_from_an_older_version_is_not_released_over_a_newer_one(
    uow, entry, editor, approved
):
    change = approved(a_change(uow, entry, editor, variants=["新问法"]))
    an_entry(uow, slug="loss", answer="从文件来的答案", department=entry.department)

    assert release_changes(uow, [change.id], model_version="m-2") == []

    assert change.state is ChangeState.REFUSED
    assert "新的版本" in change.refusals[0].reason
    assert entry.answer == "从文件来的答案"


def test_only_one_change_of_an_entry_waits_for_the_gate(uow, entry, editor, reviewer, approved):
    approved(a_change(uow, entry, editor, variants=["一"]))
    second = a_change(uow, entry, editor, answer="只改答案")
    submit_change(uow, second.id, author_id=editor.id)

    with pytest.raises(ChangeUnderway):
        approve_change(uow, second.id, reviewer_id=reviewer.id)


def test_a_withdrawn_entry_comes_back_only_with_a_model_that_knows_it(uow, entry, editor, approved):
    withdraw_entry(uow, "loss", reason="待核实", actor="operator:1")

    change = approved(a_change(uow, entry, editor))

    assert change.state is ChangeState.APPROVED
    release_changes(uow, [change.id], model_version="m-2")
    assert entry.state is EntryState.PUBLISHED


def test_a_model_is_trained_from_what_is_published_with_the_changes_come_true(
    uow, entry, editor, approved
):
    an_entry(uow, slug="other", variants=["别的"])
    an_entry(uow, slug="gone", variants=["没了"])
    withdraw_entry(uow, "gone", reason="废止", actor="operator:1")
    changed = approved(a_change(uow, entry, editor, variants=["新问法"]))
    added = approved(
        draft_change(uow, a_draft(uow, slug="new_one"), author_id=editor.id, base_version=0)
    )
    gone = draft_withdrawal(uow, "other", author_id=editor.id, reason="废止")

    now = {each.slug: each.variants for each in queries.training_set(uow.session)}
    then = queries.training_set(uow.session, with_changes=[changed, added, gone])

    assert now == {"loss": ("身份证丢了",), "other": ("别的",)}
    assert [each.slug for each in then] == ["loss", "new_one"]
    assert then[0].variants == ("新问法",)
