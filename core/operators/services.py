"""Changes to operators: who they are, and whether they may come in."""

from collections.abc import Collection
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from core.departments import queries as departments
from core.errors import DomainError
from core.operators import queries
from core.operators.errors import (
    LoginTaken,
    PasswordTooWeak,
    PermissionMissing,
    SignInLocked,
    WrongCredentials,
)
from core.operators.events import (
    DutyChanged,
    SignedIn,
    SignedOut,
    SignInRefused,
    SignInWasLocked,
)
from core.operators.models import Operator
from core.operators.permissions import SEPARATED, Permission, Role
from core.unit_of_work import UnitOfWork

MIN_PASSWORD_CHARACTERS = 10

_hasher = PasswordHasher()


@cache
def _hash_of_nobody() -> str:
    """Checked when the login is unknown, so that both refusals take equally long."""
    return _hasher.hash("nobody has this password")


def add_operator(
    uow: UnitOfWork,
    *,
    login: str,
    display_name: str,
    department_code: str,
    roles: Collection[Role],
    password: str,
    capacity: int = 10,
) -> Operator:
    if queries.find_by_login_for_change(uow.session, login) is not None:
        raise LoginTaken(login=login)
    if (
        len(password) < MIN_PASSWORD_CHARACTERS
        or password.isdigit()
        or (login.lower() in password.lower())
    ):
        raise PasswordTooWeak(minimum=MIN_PASSWORD_CHARACTERS)
    if len(set(roles) & set(SEPARATED)) > 1:
        raise PermissionMissing(roles=",".join(sorted(roles)))
    operator = Operator(
        login=login,
        display_name=display_name,
        department_id=departments.get_by_code(uow.session, department_code).id,
        role_names=sorted(roles),
        password_hash=_hasher.hash(password),
        capacity=capacity,
    )
    uow.session.add(operator)
    uow.session.flush()  # the caller needs the id
    return operator


def sign_in(
    uow: UnitOfWork,
    *,
    login: str,
    password: str,
    address: str,
    attempts: int,
    lock: timedelta,
) -> Operator | DomainError:
    """Check the password; after `attempts` wrong ones in a row the login is locked.

    A refusal is returned, not raised: the count of attempts must be kept, and
    an exception would roll it back.
    """
    operator = queries.find_by_login_for_change(uow.session, login)
    if operator is None or not operator.is_active:
        _matches(_hash_of_nobody(), password)
        return WrongCredentials()
    if operator.locked_until is not None and operator.locked_until > uow.now:
        return SignInLocked(seconds=int((operator.locked_until - uow.now).total_seconds()))
    if not _matches(operator.password_hash, password):
        operator.failed_attempts += 1
        if operator.failed_attempts >= attempts:
            operator.failed_attempts = 0
            operator.locked_until = uow.now + lock
            uow.announce(SignInWasLocked(at=uow.now, operator_id=operator.id, address=address))
            return SignInLocked(seconds=int(lock.total_seconds()))
        uow.announce(SignInRefused(at=uow.now, operator_id=operator.id, address=address))
        return WrongCredentials()
    operator.failed_attempts = 0
    operator.locked_until = None
    if _hasher.check_needs_rehash(operator.password_hash):
        operator.password_hash = _hasher.hash(password)
    uow.announce(SignedIn(at=uow.now, operator_id=operator.id, address=address))
    return operator


def sign_out(uow: UnitOfWork, operator_id: int) -> None:
    """End all sessions of the operator and their duty."""
    operator = queries.get_for_change(uow.session, operator_id)
    operator.session_version += 1
    operator.is_on_duty = False
    uow.announce(SignedOut(at=uow.now, operator_id=operator_id))


def set_duty(uow: UnitOfWork, operator_id: int, *, is_on_duty: bool) -> None:
    operator = queries.get_for_change(uow.session, operator_id)
    if operator.is_on_duty != is_on_duty:
        operator.is_on_duty = is_on_duty
        uow.announce(DutyChanged(at=uow.now, operator_id=operator_id, is_on_duty=is_on_duty))


def require(operator: Operator, permission: Permission) -> None:
    if not operator.can(permission):
        raise PermissionMissing(permission=permission)


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except VerifyMismatchError:
        return False
