from collections.abc import Iterator

import pytest

from bot.dialogue import Dialogue
from tests.bot.rasa_stand_in import RasaStandIn


@pytest.fixture
def rasa() -> Iterator[RasaStandIn]:
    with RasaStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def dialogue(rasa: RasaStandIn) -> Dialogue:
    return Dialogue(rasa.url, "token", timeout_seconds=0.5)
