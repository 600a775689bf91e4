"""The demo is a believable office, on whichever day it is told."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from core import event_log
from core.cases import queries as cases
from core.cases.queries import CaseFilter
from core.cases.states import CLOCK_RUNS, CaseState, RejectionReason
from core.clock import office_date
from core.conversations import queries as conversations
from core.conversations.models import Message
from core.conversations.states import ConversationState, DeliveryState, Visibility
from core.departments import queries as departments
from core.event_log import LoggedEvent
from core.knowledge import queries as knowledge
from core.operators import queries as operators
from core.operators.permissions import Role
from core.operators.services import sign_in
from launch.seeding.filling import is_empty
from launch.seeding.moments import working_day_before
from tests.launch.seeding.conftest import PASSWORD


@pytest.fixture
def all_cases(demo):
    return cases.listed(demo.session, CaseFilter(), limit=100)


@pytest.fixture
def messages(demo):
    return demo.session.scalars(select(Message)).all()


def test_an_empty_database_is_empty_no_longer(demo):
    assert demo.was_empty
    assert not is_empty(demo.session)


# --- the office --------------------------------------------------------------------------------


def test_the_units_form_a_tree(demo):
    tree = departments.tree(demo.session)

    assert len(tree) >= 12
    assert {branch.depth for branch in tree} == {0, 1, 2}
    assert all(branch.department.contact_name for branch in tree)


def test_no_number_of_the_demo_can_be_called(demo):
    numbers = [unit.phone for unit in departments.all_departments(demo.session)]

    assert all(number.startswith("0000-") for number in numbers)


def test_there_are_people_in_every_role_and_units_with_handler_and_head(demo):
    people = operators.everybody(demo.session)
    roles_of: dict[int, set[Role]] = {}
    for person in people:
        roles_of.setdefault(person.department_id, set()).update(person.roles)

    assert set().union(*roles_of.values()) == set(Role)
    assert sum({Role.HANDLER, Role.UNIT_HEAD} <= roles for roles in roles_of.values()) >= 5
    assert operators.on_duty(demo.session)


def test_everybody_signs_in_with_the_password_of_the_demo(demo):
    with demo.core.unit_of_work() as uow:
        person = sign_in(
            uow,
            login="tianhui",
            password=PASSWORD,
            address="127.0.0.1",
            attempts=5,
            lock=timedelta(minutes=15),
        )

    assert person.display_name == "田慧"


def test_an_answer_is_to_be_reviewed_within_days(demo):
    today = office_date(demo.now)

    due = knowledge.due_for_review(demo.session, today=today, within=timedelta(days=10))

    assert due
    assert all(entry.review_by > today for entry in due)


# --- cases -------------------------------------------------------------------------------------


def test_there_are_cases_in_every_state(all_cases):
    counted = Counter(case.state for case in all_cases)

    assert set(counted) == set(CaseState)
    assert min(counted.values()) >= 2
    assert len(all_cases) >= 25


def test_some_cases_are_overdue_and_one_is_due_on_the_first_working_day(demo, all_cases):
    today = office_date(demo.now)
    first = working_day_before(demo.core.office.calendar, today, 0)
    running = [case for case in all_cases if case.state in CLOCK_RUNS]

    assert len([case for case in running if case.due_on < today]) >= 2
    assert [case for case in running if case.due_on == first]
    assert len([case for case in running if case.due_on > first]) >= 5


def test_a_due_date_beyond_the_announced_years_is_provisional(demo, all_cases):
    announced = demo.core.office.calendar.is_official

    assert all(case.due_is_provisional == (not announced(case.due_on)) for case in all_cases)
    if demo.now.month == 12:
        assert any(case.due_is_provisional for case in all_cases)


def test_the_special_fates_are_there(all_cases):
    rejected = [case for case in all_cases if case.state is CaseState.REJECTED]

    assert all(case.rejection_explanation for case in rejected)
    assert RejectionReason.LITIGATION in {case.rejection_reason for case in rejected}
    assert [case for case in all_cases if case.is_designated and case.returned_by]
    assert [case for case in all_cases if case.rating and case.rating.is_bad]
    assert [case for case in all_cases if case.rating and case.state is CaseState.CLOSED]
    assert [case for case in all_cases if case.state is CaseState.CLOSED and not case.rating]
    assert [case for case in all_cases if len(case.replies) > 1]
    assert [case for case in all_cases if case.urged_count > 1]
    assert [case for case in all_cases if case.acknowledged_at is None]


# --- conversations -----------------------------------------------------------------------------


def test_two_citizens_wait_in_the_queue_for_different_reasons(demo):
    waiting = [line.conversation for line in conversations.waiting(demo.session)]

    assert len({conversation.handoff_reason for conversation in waiting}) == len(waiting) == 2
    for conversation in waiting:
        minutes = (demo.now - conversation.waiting_since).total_seconds() / 60
        assert 1 < minutes < 30


def test_there_are_conversations_in_every_state(demo):
    counted = Counter(
        line.conversation.state for line in conversations.recent(demo.session, limit=100)
    )

    assert set(counted) == set(ConversationState)
    assert sum(counted.values()) == 12


def test_an_operator_has_a_new_message_to_read(demo):
    [held] = conversations.held_by(demo.session, demo.cast.operators["liuyang"])

    assert held.unseen == 1
    notes = [
        message
        for message in conversations.thread(demo.session, held.conversation.id)
        if message.visibility is Visibility.PRIVATE
    ]
    assert [note.delivery for note in notes] == [None]


def test_one_delivery_has_failed_where_staff_can_see_it(demo):
    [failed] = conversations.failed_deliveries(demo.session)

    assert failed.delivery.error_code == "43004"


def test_one_delivery_is_held_until_the_citizen_writes(messages):
    [held] = [
        message.delivery
        for message in messages
        if message.delivery and message.delivery.state is DeliveryState.HELD
    ]

    assert held.error_code == "45015"


def test_the_bot_cites_what_its_answers_rest_on(messages):
    answers = [message for message in messages if message.reason.get("kind") == "faq"]

    assert len(answers) >= 6
    assert all(
        f"《{answer.reason['documents'][0]['document']}》" in answer.text for answer in answers
    )


# --- nothing is left to do ---------------------------------------------------------------------


def test_no_worker_finds_anything_to_do(demo, messages):
    jobs = demo.session.scalar(text("SELECT count(*) FROM procrastinate_jobs"))
    later = demo.now + timedelta(days=1)

    assert jobs == 0
    assert conversations.orphans(demo.session, received_before=later) == []
    assert conversations.undelivered_since(demo.session, later) == []
    assert conversations.stranded_by_outage(demo.session) == []
    assert {message.delivery.state for message in messages if message.delivery} == {
        DeliveryState.SENT,
        DeliveryState.HELD,
        DeliveryState.FAILED,
    }


def test_nothing_happens_in_the_future(demo, messages):
    newest = demo.session.scalar(select(LoggedEvent.at).order_by(LoggedEvent.at.desc()).limit(1))

    assert newest <= demo.now
    assert max(message.received_at for message in messages) <= demo.now


def test_every_chain_of_events_holds(demo):
    subjects = demo.session.scalars(select(LoggedEvent.subject).distinct()).all()

    broken = [one for one in subjects if event_log.first_broken_link(demo.session, one)]

    assert len(subjects) > 50
    assert broken == []


def test_words_are_told_in_the_order_of_time(demo):
    for line in conversations.recent(demo.session, limit=100):
        thread = conversations.thread(demo.session, line.conversation.id)
        times = [message.received_at for message in thread]
        assert times == sorted(times)
