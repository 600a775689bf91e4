import asyncio
import os

import pytest
from rasa.core.tracker_store import FailSafeTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from nlu import turns
from nlu.tracker_store import DeskTrackerStore

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture
def redis_url():
    return os.environ["REDIS_URL"]


def store(url):
    configuration = EndpointConfig(type="nlu.tracker_store.DeskTrackerStore", url=url, keep_hours=1)
    return TrackerStore.create(configuration, Domain.empty())


def a_tracker():
    events = [ActionExecuted("action_listen"), UserUttered("你好", {"name": "greet"})]
    return DialogueStateTracker.from_events("tracker-store-test", events)


def test_a_conversation_is_kept_for_a_while(redis_url):
    desk = store(redis_url)

    asyncio.run(desk.save(a_tracker()))
    kept = asyncio.run(desk.retrieve("tracker-store-test"))

    assert isinstance(desk, DeskTrackerStore)
    assert kept.latest_message.text == "你好"
    assert 0 < desk.red.ttl(desk.key_prefix + "tracker-store-test") <= 3600


def test_a_stranger_has_no_memory(redis_url):
    assert asyncio.run(store(redis_url).retrieve("nobody")) is None


@pytest.mark.parametrize("what", ["retrieve", "save"])
def test_without_redis_a_turn_ends_instead_of_going_on_with_another_memory(what):
    desk = FailSafeTrackerStore(store(NOWHERE))

    with turns.turn(), pytest.raises(turns.TurnAborted) as aborted:
        asyncio.run(desk.retrieve("7") if what == "retrieve" else desk.save(a_tracker()))

    assert aborted.value.code == turns.MEMORY_DOWN
