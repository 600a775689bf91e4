from datetime import timedelta

import pytest

from core.citizens import queries
from core.citizens.events import PageLookedAt
from core.citizens.queries import OPEN_FOR
from core.citizens.services import leave_page, look_at_page
from tests.builders import a_conversation


@pytest.fixture
def conversation_id(core) -> int:
    with core.unit_of_work() as uow:
        return a_conversation(uow).id


def look(core, conversation_id, read_seq=1):
    with core.unit_of_work() as uow:
        look_at_page(uow, conversation_id, read_seq=read_seq)


def presence(core, conversation_id):
    with core.unit_of_work() as uow:
        return queries.presence(uow.session, conversation_id, uow.now)


def test_a_page_that_was_never_opened_is_unknown(core, conversation_id):
    assert presence(core, conversation_id) is None


def test_a_page_is_open_while_it_asks(core, conversation_id):
    look(core, conversation_id, read_seq=3)

    assert presence(core, conversation_id).is_open
    assert presence(core, conversation_id).read_seq == 3


def test_a_page_that_asks_no_longer_is_closed(core, clock, conversation_id):
    look(core, conversation_id)
    clock.advance(OPEN_FOR)

    assert not presence(core, conversation_id).is_open


def test_a_page_that_was_left_is_closed_at_once_and_open_again_when_it_asks(core, conversation_id):
    look(core, conversation_id)
    with core.unit_of_work() as uow:
        leave_page(uow, conversation_id)

    assert not presence(core, conversation_id).is_open
    look(core, conversation_id)
    assert presence(core, conversation_id).is_open


def test_a_tab_that_lags_behind_takes_nothing_back(core, conversation_id):
    look(core, conversation_id, read_seq=5)
    look(core, conversation_id, read_seq=2)

    assert presence(core, conversation_id).read_seq == 5


def test_looks_that_tell_nothing_new_are_not_written(core, clock, announced, conversation_id):
    look(core, conversation_id)
    announced.clear()
    clock.advance(timedelta(seconds=5))

    look(core, conversation_id)

    assert announced == []


def test_desks_hear_when_more_was_read(core, announced, conversation_id):
    look(core, conversation_id, read_seq=1)
    announced.clear()

    look(core, conversation_id, read_seq=2)

    assert [type(event) for event in announced] == [PageLookedAt]
