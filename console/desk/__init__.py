"""The desk: conversations with citizens."""

from console.context import CurrentOperator
from console.desk import actions as actions  # its routes
from console.desk import media as media  # its routes
from console.desk.views import bp
from console.live.topics import QUEUE
from console.navigation import MenuEntry
from console.sections import Section
from core.conversations import queries
from core.unit_of_work import UnitOfWork


def _count_waiting(uow: UnitOfWork, who: CurrentOperator) -> int:
    return queries.count_waiting(uow.session)


section = Section(
    bp,
    (
        MenuEntry(
            title="会话",
            endpoint="desk.index",
            icon="messages",
            position=20,
            badge=_count_waiting,
            topic=QUEUE,
        ),
    ),
)
