"""Who comes in, and who is kept out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from core import event_log
from core.departments.errors import DepartmentNotFound
from core.operators import queries
from core.operators.errors import (
    LoginTaken,
    OperatorNotFound,
    PasswordTooWeak,
    SignInLocked,
    WrongCredentials,
)
from core.operators.events import DutyChanged
from core.operators.models import Operator
from core.operators.services import set_duty, sign_in, sign_out
from tests.builders import PASSWORD, a_department, an_operator
from tests.fakes import MONDAY

LOCK = timedelta(minutes=15)


@pytest.fixture
def operator(uow):
    return an_operator(uow, login="tianhui")


def come(uow, password=PASSWORD, login="tianhui"):
    outcome = sign_in(
        uow, login=login, password=password, address="192.0.2.1", attempts=3, lock=LOCK
    )
    uow.session.flush()
    return outcome


def logged(uow, operator):
    return [row.type for row in event_log.history(uow.session, f"operator:{operator.id}")]


def test_the_right_password_lets_one_in(uow, operator):
    assert come(uow) is operator
    assert logged(uow, operator) == ["SignedIn"]


def test_the_address_is_put_on_record(uow, operator):
    come(uow)

    [row] = event_log.history(uow.session, f"operator:{operator.id}")
    assert row.data["address"] == "192.0.2.1"


def test_a_password_is_stored_as_a_hash(operator):
    assert operator.password_hash.startswith("$argon2id$")
    assert PASSWORD not in operator.password_hash


def test_a_wrong_password_and_an_unknown_login_are_told_the_same(uow, operator):
    wrong, unknown = come(uow, "wrong password"), come(uow, login="nobody")

    assert isinstance(wrong, WrongCredentials)
    assert isinstance(unknown, WrongCredentials)
    assert wrong.details == unknown.details == {}
    assert logged(uow, operator) == ["SignInRefused"]


def test_who_has_left_the_office_is_told_the_same_as_somebody_unknown(uow, operator):
    operator.is_active = False

    outcome = come(uow)

    assert isinstance(outcome, WrongCredentials)
    assert outcome.details == {}


def test_too_many_wrong_passwords_lock_the_login(uow, operator):
    outcomes = [come(uow, "wrong password") for _ in range(3)]

    assert [type(outcome) for outcome in outcomes] == [
        WrongCredentials,
        WrongCredentials,
        SignInLocked,
    ]
    assert outcomes[-1].details == {"seconds": 900}
    assert operator.locked_until == MONDAY + LOCK
    assert logged(uow, operator)[-1] == "SignInWasLocked"


def test_while_locked_even_the_right_password_is_refused(uow, operator):
    for _ in range(3):
        come(uow, "wrong password")
    uow.now += LOCK - timedelta(seconds=1)

    outcome = come(uow)

    assert isinstance(outcome, SignInLocked)
    assert outcome.details == {"seconds": 1}


def test_when_the_time_is_over_the_right_password_lets_one_in(uow, operator):
    for _ in range(3):
        come(uow, "wrong password")
    uow.now += LOCK

    assert come(uow) is operator
    assert operator.locked_until is None


def test_after_a_lock_the_count_begins_anew(uow, operator):
    for _ in range(3):
        come(uow, "wrong password")
    uow.now += LOCK

    assert isinstance(come(uow, "wrong password"), WrongCredentials)


def test_the_right_password_clears_the_count(uow, operator):
    come(uow, "wrong password")
    come(uow, "wrong password")
    come(uow)

    assert isinstance(come(uow, "wrong password"), WrongCredentials)


def test_attempts_are_counted_when_the_refusal_is_kept(core):
    with core.unit_of_work() as uow:
        an_operator(uow, login="tianhui")

    for _ in range(3):
        with core.unit_of_work() as uow:
            outcome = come(uow, "wrong password")

    assert isinstance(outcome, SignInLocked)


def test_guessing_at_once_does_not_get_more_attempts(fresh_core):
    with fresh_core.unit_of_work() as uow:
        an_operator(uow, login="tianhui")

    def guess(serial):
        with fresh_core.unit_of_work() as uow:
            return type(come(uow, f"guess number {serial}"))

    with ThreadPoolExecutor(6) as guesses:
        outcomes = list(guesses.map(guess, range(12)))

    assert outcomes.count(WrongCredentials) == 2
    assert outcomes.count(SignInLocked) == 10


def test_signing_out_ends_all_sessions_and_the_duty(uow, operator):
    set_duty(uow, operator.id, is_on_duty=True)
    version = operator.session_version

    sign_out(uow, operator.id)

    assert operator.session_version == version + 1
    assert not operator.is_on_duty
    assert logged(uow, operator) == ["DutyChanged", "SignedOut"]


def test_duty_is_told_when_it_changes(core, announced):
    with core.unit_of_work() as uow:
        operator_id = an_operator(uow).id
        set_duty(uow, operator_id, is_on_duty=True)
        set_duty(uow, operator_id, is_on_duty=True)

    assert announced == [DutyChanged(at=MONDAY, operator_id=operator_id, is_on_duty=True)]


def test_who_is_on_duty_can_be_found(uow, operator):
    an_operator(uow)
    set_duty(uow, operator.id, is_on_duty=True)
    uow.session.flush()

    assert queries.on_duty(uow.session) == [operator]


@pytest.mark.parametrize(
    "password", ["", "short", "123456789012", "tianhui-2026", "my-TianHui-password"]
)
def test_a_weak_password_is_refused(uow, password):
    with pytest.raises(PasswordTooWeak):
        an_operator(uow, login="tianhui", password=password)


def test_a_login_belongs_to_one_person(uow, operator):
    with pytest.raises(LoginTaken):
        an_operator(uow, login=operator.login)


def test_nobody_belongs_to_a_unit_that_is_not_there(uow):
    with pytest.raises(DepartmentNotFound):
        an_operator(uow, department=a_department_that_is_gone(uow))


def a_department_that_is_gone(uow):
    department = a_department(uow)
    uow.session.delete(department)
    uow.session.flush()
    return department


def test_an_unknown_operator_is_not_found(uow):
    assert queries.find(uow.session, 0) is None
    for look in (queries.get, queries.get_for_change):
        with pytest.raises(OperatorNotFound):
            look(uow.session, 0)


def test_names_are_looked_up_together(uow, operator):
    assert queries.names(uow.session, [operator.id, 0]) == {operator.id: operator.display_name}
    assert queries.names(uow.session, []) == {}


def test_who_has_left_is_not_among_everybody(uow, operator):
    other = an_operator(uow)
    operator.is_active = False
    uow.session.flush()

    assert queries.everybody(uow.session) == [other]


def test_the_hash_is_not_shown_with_the_object(operator):
    assert isinstance(operator, Operator)
    assert operator.password_hash not in repr(operator)
