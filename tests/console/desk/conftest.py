import pytest

from core.bootstrap import Core
from tests.console.desk.conversations import Talk


@pytest.fixture
def talk(core: Core) -> Talk:
    return Talk(core)
