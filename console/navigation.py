"""The menu: each section of the console brings its own entry."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue

from console import guard
from console.context import CurrentOperator, find_operator, unit_of_work
from core.unit_of_work import UnitOfWork

bp = Blueprint("navigation", __name__)


@dataclass(frozen=True, kw_only=True)
class MenuEntry:
    """Shown to whoever may open `endpoint`, in the order of `position`.

    `icon` is a name of the Tabler icon font. `badge` counts what waits for this
    operator; it is counted again whenever something happens to `topic`.
    """

    title: str
    endpoint: str
    icon: str
    position: int
    badge: Callable[[UnitOfWork, CurrentOperator], int] | None = None
    topic: str = ""


@dataclass(frozen=True)
class ShownEntry:
    entry: MenuEntry
    is_here: bool
    count: int

    @property
    def section(self) -> str:
        return self.entry.endpoint.partition(".")[0]


def add(app: Flask, entry: MenuEntry) -> None:
    entries = app.extensions.setdefault("menu", [])
    entries.append(entry)
    entries.sort(key=lambda each: each.position)


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    app.add_template_global(menu)
    app.add_template_global(refresh_triggers)


def menu() -> list[ShownEntry]:
    """Return the entries the operator of this request may open."""
    operator = find_operator()
    if operator is None:
        return []
    here = request.args.get("here") or request.blueprint or ""
    shown = []
    with unit_of_work() as uow:
        for entry in _entries():
            requirement = guard.requirement_of(current_app, entry.endpoint)
            if requirement is None or not requirement.admits(operator):
                continue
            count = entry.badge(uow, operator) if entry.badge else 0
            shown.append(ShownEntry(entry, entry.endpoint.partition(".")[0] == here, count))
    return shown


def refresh_triggers() -> str:
    topics = sorted({entry.topic for entry in _entries() if entry.topic} | {"catch-up"})
    return ", ".join(f"live:{topic} from:body" for topic in topics)


def _entries() -> list[MenuEntry]:
    return cast(list[MenuEntry], current_app.extensions.get("menu", []))


@bp.get("/menu")
@guard.signed_in
def show() -> ResponseReturnValue:
    return render_template("_menu.html")
