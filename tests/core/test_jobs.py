"""Work promised with a change is kept and dropped with it, and done in the right order."""

from datetime import timedelta

import pytest
from procrastinate.utils import utcnow
from sqlalchemy import text

from core import jobs
from core.errors import DomainError


def promised(session):
    rows = session.execute(
        text("SELECT task_name, lock, args, scheduled_at FROM procrastinate_jobs ORDER BY id")
    )
    return [tuple(row) for row in rows]


def begin_next(session):
    """Take the next job as a worker of the library does; None when there is none now."""
    session.execute(text("INSERT INTO procrastinate_workers DEFAULT VALUES ON CONFLICT DO NOTHING"))
    return session.execute(
        text(
            "SELECT id, task_name, args FROM procrastinate_fetch_job_v2(ARRAY['desk'],"
            " (SELECT max(id) FROM procrastinate_workers))"
        )
    ).one()


def test_a_job_is_kept_with_the_change(core, session):
    with core.unit_of_work() as uow:
        jobs.defer(uow, jobs.answer_messages(7))

    assert promised(session) == [("answer_messages", "turn:7", {"conversation_id": 7}, None)]


def test_a_rollback_takes_the_job_back(core, session):
    def promise_and_fail():
        with core.unit_of_work() as uow:
            jobs.defer(uow, jobs.answer_messages(7))
            raise DomainError

    with pytest.raises(DomainError):
        promise_and_fail()

    assert promised(session) == []


def test_a_job_for_later_is_not_begun_now(uow):
    jobs.defer(uow, jobs.answer_messages(7), at=utcnow() + timedelta(minutes=1))

    assert begin_next(uow.session).id is None


def test_the_turns_of_one_conversation_are_begun_one_after_the_other(uow):
    jobs.defer(uow, jobs.answer_messages(7))
    jobs.defer(uow, jobs.answer_messages(7))
    jobs.defer(uow, jobs.answer_messages(8))

    begun = [begin_next(uow.session) for _ in range(3)]

    assert [job.args["conversation_id"] if job.id else None for job in begun] == [7, 8, None]


def test_a_turn_put_off_holds_up_the_turns_after_it(uow):
    jobs.defer(uow, jobs.answer_messages(7), at=utcnow() + timedelta(minutes=1))
    jobs.defer(uow, jobs.answer_messages(7))

    assert begin_next(uow.session).id is None


def test_a_delivery_put_off_does_not_hold_up_one_for_now(uow):
    jobs.defer(uow, jobs.deliver_replies(7), at=utcnow() + timedelta(minutes=1))
    jobs.defer(uow, jobs.deliver_replies(7))

    assert begin_next(uow.session).task_name == "deliver_replies"


def test_deliveries_are_begun_before_turns(uow):
    jobs.defer(uow, jobs.answer_messages(7))
    jobs.defer(uow, jobs.deliver_replies(7))

    assert begin_next(uow.session).task_name == "deliver_replies"


def test_history_told_afterwards_promises_nothing(core, session):
    core_of_the_past = type(core)(
        core.session_factory, core.publish, core.office, core.seal, core.clock, defers_jobs=False
    )

    with core_of_the_past.unit_of_work() as uow:
        jobs.defer(uow, jobs.deliver_replies(7))

    assert promised(session) == []
