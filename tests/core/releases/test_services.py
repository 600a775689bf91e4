"""One model after the other: asked for, worked on, live, retired, brought back."""

from datetime import timedelta

import pytest

from core.events import SYSTEM
from core.knowledge.contents import Refusal
from core.knowledge.states import ChangeState
from core.releases import queries, services
from core.releases.errors import (
    IllegalReleaseStep,
    ModelFileLost,
    ReleaseUnderway,
    RollbackReasonMissing,
)
from core.releases.services.asking import RETRIES_AFTER
from core.releases.services.working import INTERRUPTED, SILENCE
from core.releases.states import ReleaseState
from tests.core.releases.conftest import REPORT, built


def after(uow, length):
    uow.now += length


def test_one_training_waits_at_a_time(uow):
    first = services.request_release(uow, requested_by=SYSTEM, note=" 补充新问法 ")

    assert services.request_release(uow, requested_by=SYSTEM) is first
    assert first.note == "补充新问法"


def test_a_newer_change_is_queued_behind_the_training_that_runs(uow, approved, started):
    approved("loss")
    running = started()
    approved("renewal")

    behind = services.request_wanted_release(uow)

    assert behind.state is ReleaseState.QUEUED
    assert running.state is ReleaseState.TRAINING
    with pytest.raises(ReleaseUnderway):
        services.start_next(uow)


def test_a_training_takes_all_changes_that_are_approved_when_it_begins(uow, approved, started):
    first, second = approved("loss"), approved("renewal")

    assert started().change_ids == [first.id, second.id]


def test_nothing_is_trained_when_nothing_was_approved(uow):
    assert services.request_wanted_release(uow) is None
    assert services.start_next(uow) is None


def test_a_training_that_runs_with_the_change_needs_no_second_one(uow, approved, started):
    approved("loss")
    started()

    assert services.request_wanted_release(uow) is None


def test_what_has_passed_is_live_with_its_changes(uow, approved, installed, started):
    good, bad = approved("loss"), approved("renewal")
    running = started()
    services.tell_progress(uow, running.id, stage="measuring", percent=50)

    services.go_live(
        uow, running.id, built(running.version), report=REPORT,
        refused={bad.id: [Refusal("新问法", "与“丢失”相同")]},
    )  # fmt: skip

    assert queries.live(uow.session) is running
    assert installed.state is ReleaseState.RETIRED
    assert (good.state, good.model_version) == (ChangeState.LIVE, running.version)
    assert (bad.state, bad.refusals) == (
        ChangeState.REFUSED, [Refusal("新问法", "与“丢失”相同")],
    )  # fmt: skip


def test_what_is_refused_leaves_the_live_model_and_gives_the_changes_back(
    uow, approved, installed, started
):
    change = approved("loss")
    running = started()

    services.refuse(uow, running.id, REPORT, {change.id: [Refusal("新问法", "与“丢失”相同")]})

    assert queries.live(uow.session) is installed
    assert running.state is ReleaseState.REFUSED
    assert change.state is ChangeState.REFUSED
    assert services.request_wanted_release(uow) is None


def test_a_failure_leaves_the_live_model_and_lets_the_changes_wait(
    uow, approved, installed, started
):
    change = approved("loss")

    failed = services.fail(uow, started().id, code="disk_full", detail="No space left")

    assert (failed.state, failed.failure_code) == (ReleaseState.FAILED, "disk_full")
    assert queries.live(uow.session) is installed
    assert change.state is ChangeState.APPROVED


def test_a_failed_training_is_tried_again_ever_later_and_then_no_more(uow, approved, started):
    approved("loss")
    for pause in RETRIES_AFTER:
        services.fail(uow, started().id, code="disk_full")
        assert services.request_wanted_release(uow) is None
        after(uow, pause)
        assert services.request_wanted_release(uow) is not None
    services.fail(uow, started().id, code="disk_full")
    after(uow, timedelta(hours=1))

    assert services.request_wanted_release(uow) is None
    assert services.request_release(uow, requested_by="operator:1") is not None


def test_a_refusal_that_blames_no_change_is_not_repeated_at_once(uow, approved, started):
    approved("loss")
    services.refuse(uow, started().id, REPORT, {})

    assert services.request_wanted_release(uow) is None
    after(uow, RETRIES_AFTER[0])
    assert services.request_wanted_release(uow) is not None


def test_a_new_change_is_a_new_reason_to_train(uow, approved, started):
    approved("loss")
    services.fail(uow, started().id, code="disk_full")
    approved("renewal")

    assert services.request_wanted_release(uow) is not None


def test_what_nobody_works_on_any_more_is_found_and_failed(uow, approved, installed, started):
    approved("loss")
    dead = started()
    after(uow, SILENCE)

    services.fail_interrupted(uow)

    assert (dead.state, dead.failure_code) == (ReleaseState.FAILED, INTERRUPTED)
    assert queries.live(uow.session) is installed


def test_a_sign_of_life_keeps_a_training_alive(uow, started):
    running = started()
    after(uow, SILENCE / 2)
    services.tell_progress(uow, running.id, stage="learning", percent=20)
    after(uow, SILENCE / 2)

    assert services.fail_interrupted(uow) is None


def test_who_was_given_up_can_do_no_more_harm(uow, installed, started):
    running = started()
    services.fail(uow, running.id, code=INTERRUPTED)

    with pytest.raises(IllegalReleaseStep):
        services.tell_progress(uow, running.id, stage="learning", percent=20)
    with pytest.raises(IllegalReleaseStep):
        services.go_live(uow, running.id, built(running.version), report=REPORT)
    assert queries.live(uow.session) is installed


def test_the_stages_lead_from_training_to_checking(uow, started):
    running = started()

    services.tell_progress(uow, running.id, stage="learning", percent=20)
    assert running.state is ReleaseState.TRAINING

    services.tell_progress(uow, running.id, stage="measuring", percent=50)
    assert (running.state, running.percent) == (ReleaseState.CHECKING, 50)


def test_an_earlier_model_comes_back_and_the_answers_stay(uow, approved, installed, released):
    change = approved("loss")
    latest = released()

    back = services.request_rollback(
        uow, installed.version, operator_id=7, reason="新模型把补领认成了换领"
    )
    assert services.start_next(uow) is back
    services.go_live(uow, back.id, built(back.version))

    assert queries.live(uow.session) is installed
    assert latest.state is ReleaseState.RETIRED
    assert (back.rollback_by, back.rollback_reason) == ("operator:7", "新模型把补领认成了换领")
    assert change.state is ChangeState.LIVE


def test_a_rollback_that_fails_leaves_what_is_live(uow, installed, released):
    latest = released()
    services.request_rollback(uow, installed.version, operator_id=7, reason="试")
    services.start_next(uow)

    services.fail(uow, installed.id, code="server_refused")

    assert queries.live(uow.session) is latest
    assert (installed.state, installed.failure_code) == (ReleaseState.RETIRED, "server_refused")


def test_a_rollback_names_its_reason_and_waits_for_nobody(uow, installed, released, started):
    latest = released()

    with pytest.raises(RollbackReasonMissing):
        services.request_rollback(uow, installed.version, operator_id=7, reason=" ")
    with pytest.raises(IllegalReleaseStep):
        services.request_rollback(uow, latest.version, operator_id=7, reason="试")
    after(uow, timedelta(seconds=1))
    started()
    with pytest.raises(ReleaseUnderway):
        services.request_rollback(uow, installed.version, operator_id=7, reason="试")


def test_a_model_whose_file_is_lost_is_told_and_cannot_come_back(uow, installed, released):
    latest = released()

    kept = [installed.version, latest.version]
    assert services.note_files(uow, {latest.version}, kept=kept) == [installed.version]

    assert not installed.can_be_brought_back
    with pytest.raises(ModelFileLost):
        services.request_rollback(uow, installed.version, operator_id=7, reason="试")


def test_files_dropped_for_their_age_are_no_loss(uow, installed, released):
    latest = released()

    assert services.note_files(uow, {latest.version}, kept=[latest.version]) == []
    assert not installed.is_file_there


def test_the_last_models_are_kept(uow, installed, released):
    versions = [installed.version]
    for _ in range(7):
        after(uow, timedelta(minutes=1))
        versions.append(released().version)

    assert services.to_keep(uow) == versions[::-1][:6]


def test_two_models_of_the_same_second_have_two_names(uow, released):
    assert released().version != released().version
