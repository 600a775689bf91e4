"""The scenes of the demo, each played at its own time through the services."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from core.bootstrap import Core
from core.conversations.queries import open_deliveries, undelivered_since
from core.conversations.services import record_delivery
from core.conversations.states import DeliveryState
from core.unit_of_work import UnitOfWork

Act = Callable[[UnitOfWork], None]


@dataclass
class Cast:
    """Who and what the scenes speak of, by the names in the seed files."""

    departments: dict[str, int] = field(default_factory=dict)
    operators: dict[str, int] = field(default_factory=dict)
    conversations: dict[str, int] = field(default_factory=dict)
    cases: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Scene:
    at: datetime
    act: Act


def play(core: Core, scenes: list[Scene]) -> None:
    """Play the scenes in the order in which they happened, whoever wrote them down first."""
    for scene in sorted(scenes, key=lambda scene: scene.at):
        with at(core, scene.at).unit_of_work() as uow:
            scene.act(uow)
            deliver_everything(uow)


def at(core: Core, moment: datetime) -> Core:
    """Return the same core with its clock standing at `moment`."""
    return replace(core, clock=lambda: moment)


def deliver_everything(uow: UnitOfWork) -> None:
    """Put on record that what was said has arrived: in the demo's past the platform took it."""
    uow.session.flush()
    for conversation_id in undelivered_since(uow.session, uow.now + timedelta(seconds=1)):
        for owed in open_deliveries(uow.session, conversation_id):
            if owed.state is DeliveryState.HELD:
                break  # nothing overtakes it
            record_delivery(uow, owed.message_id)
