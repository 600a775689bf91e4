"""The office's accounts: how each works, what people must see to, what could not be delivered."""

from console.channels import actions  # noqa: F401 - its routes belong to the blueprint
from console.channels.views import bp
from console.context import CurrentOperator
from console.navigation import MenuEntry
from console.sections import Section
from core.channels import queries
from core.unit_of_work import UnitOfWork


def _open_alarms(uow: UnitOfWork, _operator: CurrentOperator) -> int:
    return queries.count_open_alarms(uow.session)


section = Section(
    bp,
    (
        MenuEntry(
            title="渠道",
            endpoint="channels.index",
            icon="antenna-bars-5",
            position=70,
            badge=_open_alarms,
            topic="channel",
        ),
    ),
)
