"""What a request needs to know: the core, the time, and who is asking."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import current_app, g

from config.settings import Settings
from core.bootstrap import Core
from core.media.storing import MediaStore
from core.operators.permissions import Permission, Role
from core.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class CurrentOperator:
    """Who is signed in, as the database knew them when this request began."""

    id: int
    login: str
    display_name: str
    department_id: int
    department_name: str
    roles: frozenset[Role]
    permissions: frozenset[Permission]
    is_on_duty: bool
    capacity: int

    def can(self, permission: Permission) -> bool:
        return permission in self.permissions

    def can_any(self, permissions: Collection[Permission]) -> bool:
        return not self.permissions.isdisjoint(permissions)


def core() -> Core:
    return cast(Core, current_app.extensions["core"])


def settings() -> Settings:
    return cast(Settings, current_app.extensions["settings"])


def media_store() -> MediaStore:
    return cast(MediaStore, current_app.extensions["media"])


def unit_of_work() -> UnitOfWork:
    return core().unit_of_work()


def now() -> datetime:
    """Return one time for the whole request."""
    if "now" not in g:
        g.now = core().clock()
    return cast(datetime, g.now)


def find_operator() -> CurrentOperator | None:
    """Return who is signed in; None on pages that are open to all."""
    return cast(CurrentOperator | None, g.get("operator"))


def operator() -> CurrentOperator:
    """Return who is signed in; the guard has made sure that somebody is."""
    found = find_operator()
    if found is None:
        raise LookupError("nobody is signed in: the route is open to all")
    return found
