"""The accounts' menus: drafted, looked at as on a phone, let out by a second person."""

from console.context import CurrentOperator
from console.menus import actions, groups, views  # noqa: F401 - their routes
from console.menus.views import bp
from console.navigation import MenuEntry
from console.sections import Section
from core.menus import queries
from core.operators.permissions import Permission
from core.unit_of_work import UnitOfWork


def _awaiting(uow: UnitOfWork, operator: CurrentOperator) -> int:
    """Count what this operator may let out: not what they had a hand in."""
    if not operator.can(Permission.PUBLISH_MENU):
        return 0
    waiting = queries.awaiting_release(uow.session)
    return sum(operator.id not in menu.editor_ids for menu in waiting)


section = Section(
    bp,
    (
        MenuEntry(
            title="菜单",
            endpoint="menus.index",
            icon="layout-bottombar",
            position=55,
            badge=_awaiting,
            topic="menu",
        ),
    ),
)
