"""One change: everything of it, or nothing; and told to others only when it is true."""

from datetime import date

import pytest

from core.departments import queries
from core.errors import DomainError
from core.operators.events import DutyChanged
from core.operators.services import set_duty
from tests.builders import a_department, an_operator
from tests.fakes import MONDAY


def test_leaving_the_block_keeps_the_change(core, session):
    with core.unit_of_work() as uow:
        a_department(uow, code="roads")

    assert queries.find_by_code(session, "roads") is not None


def test_an_exception_takes_everything_back_and_announces_nothing(core, session, announced):
    def change_and_fail():
        with core.unit_of_work() as uow:
            operator = an_operator(uow, department=a_department(uow, code="roads"))
            set_duty(uow, operator.id, is_on_duty=True)
            raise DomainError

    with pytest.raises(DomainError):
        change_and_fail()

    assert queries.find_by_code(session, "roads") is None
    assert announced == []


def test_an_event_is_announced_after_the_change_is_kept(core, announced):
    with core.unit_of_work() as uow:
        operator_id = an_operator(uow).id
        set_duty(uow, operator_id, is_on_duty=True)
        assert announced == []

    assert announced == [DutyChanged(at=MONDAY, operator_id=operator_id, is_on_duty=True)]


def test_every_row_and_event_of_one_change_carries_the_same_time(core, clock):
    with core.unit_of_work() as uow:
        clock.now = clock.now.replace(hour=9)

        assert uow.now == MONDAY


def test_today_is_the_day_in_the_office(core, clock):
    clock.now = MONDAY.replace(hour=16)

    with core.unit_of_work() as uow:
        assert uow.today == date(2026, 3, 3)
