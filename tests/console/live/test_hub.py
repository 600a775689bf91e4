"""One subscription, many pages: what each is told, and what happens when Redis goes away."""

import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from redis import Redis

from console.live.hub import (
    MAX_WAITING_NOTICES,
    Hub,
    Listener,
    Notice,
    StreamState,
    TopicNotice,
)
from console.live.topics import HeardEvent
from core.adapters.redis_events import CHANNEL, RedisEvents
from core.conversations.events import MessageReceived
from core.operators.events import SignedOut
from core.operators.permissions import Role, permissions_of
from launch.embedded import start_valkey

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
OPERATOR = permissions_of({Role.OPERATOR})
PATIENCE_SECONDS = 20.0
RECEIVED = MessageReceived(at=NOW, conversation_id=7, message_id=9)


@pytest.fixture
def hub(redis: "Redis") -> Iterator[Hub]:
    hub = Hub(redis)
    yield hub
    hub.stop()
    hub.join()


def heard(listener: Listener) -> Notice | None:
    return listener.next(seconds=PATIENCE_SECONDS)


def wait_for(listener: Listener, state: StreamState) -> None:
    while heard(listener) is not state:
        pass


def test_a_page_is_told_when_it_is_connected_and_then_what_happens(hub: Hub, redis: "Redis"):
    with hub.listening(1, OPERATOR) as listener:
        wait_for(listener, StreamState.CONNECTED)

        RedisEvents(redis).publish(RECEIVED)

        notice = TopicNotice("MessageReceived", ("conversation", "conversation-7"))
        assert heard(listener) == notice


def test_all_pages_share_one_subscription(hub: Hub, redis: "Redis"):
    with hub.listening(1, OPERATOR) as one, hub.listening(2, OPERATOR) as other:
        wait_for(one, StreamState.CONNECTED)
        wait_for(other, StreamState.CONNECTED)

        RedisEvents(redis).publish(RECEIVED)

        assert heard(one) == heard(other) != None  # noqa: E711 - both heard the same thing
        assert redis.pubsub_numsub(CHANNEL)[0][1] == 1


def test_what_is_not_for_an_operator_does_not_reach_their_page(hub: Hub, redis: "Redis"):
    handler = permissions_of({Role.HANDLER})
    with hub.listening(1, handler) as theirs, hub.listening(2, OPERATOR) as other:
        wait_for(theirs, StreamState.CONNECTED)
        wait_for(other, StreamState.CONNECTED)

        RedisEvents(redis).publish(RECEIVED)

        assert isinstance(heard(other), TopicNotice)
        assert theirs.next(seconds=0) is None


def test_rubbish_on_the_channel_disturbs_nobody(hub: Hub, redis: "Redis"):
    with hub.listening(1, OPERATOR) as listener:
        wait_for(listener, StreamState.CONNECTED)

        redis.publish(CHANNEL, b"\xff not an event")
        RedisEvents(redis).publish(RECEIVED)

        assert isinstance(heard(listener), TopicNotice)


def test_signing_out_ends_the_streams_of_that_operator_only(hub: Hub, redis: "Redis"):
    with hub.listening(1, OPERATOR) as leaving, hub.listening(2, OPERATOR) as staying:
        wait_for(leaving, StreamState.CONNECTED)
        wait_for(staying, StreamState.CONNECTED)

        RedisEvents(redis).publish(SignedOut(at=NOW, operator_id=1))

        assert heard(leaving) is StreamState.ENDED
        assert heard(staying) == TopicNotice("SignedOut", ("operator", "operator-1"))


def test_a_page_that_left_is_forgotten(hub: Hub):
    with hub.listening(1, OPERATOR):
        assert hub.listener_count == 1

    assert hub.listener_count == 0


def test_a_page_that_falls_far_behind_is_told_to_fetch_everything_once():
    listener = Listener(1, OPERATOR)

    for number in range(MAX_WAITING_NOTICES + 1):
        listener.hear(HeardEvent("MessageReceived", f"conversation:{number}"))

    assert listener.next(seconds=0) is StreamState.CONNECTED
    assert listener.next(seconds=0) is None


def test_stopping_ends_every_stream(hub: Hub):
    with hub.listening(1, OPERATOR) as listener:
        wait_for(listener, StreamState.CONNECTED)

        hub.stop()

        assert heard(listener) is StreamState.ENDED
        with hub.listening(2, OPERATOR) as late:
            assert heard(late) is StreamState.ENDED


def test_a_cut_connection_is_made_again_and_pages_catch_up(hub: Hub, redis: "Redis"):
    with hub.listening(1, OPERATOR) as listener:
        wait_for(listener, StreamState.CONNECTED)

        redis.execute_command("CLIENT", "KILL", "TYPE", "pubsub")

        wait_for(listener, StreamState.CONNECTED)
        RedisEvents(redis).publish(RECEIVED)
        assert isinstance(heard(listener), TopicNotice)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP], ids=["dies", "hangs"])
def test_pages_are_told_when_redis_goes_and_when_it_is_back(tmp_path: Path, how: signal.Signals):
    with (
        start_valkey(tmp_path) as valkey,
        Redis.from_url(valkey.url, socket_timeout=1, socket_connect_timeout=1) as redis,
    ):
        hub = Hub(redis)
        with hub.listening(1, OPERATOR) as listener:
            wait_for(listener, StreamState.CONNECTED)
            pid = redis.info("server")["process_id"]

            os.kill(pid, how)
            wait_for(listener, StreamState.DISCONNECTED)
            if how is signal.SIGSTOP:
                os.kill(pid, signal.SIGCONT)  # a dead one is started again by its keeper

            wait_for(listener, StreamState.CONNECTED)
            RedisEvents(redis).publish(RECEIVED)
            assert isinstance(heard(listener), TopicNotice)
        hub.stop()
        hub.join()


def test_a_page_opened_while_redis_is_down_is_told_so():
    hub = Hub(Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=0.2))

    with hub.listening(1, OPERATOR) as listener:
        assert heard(listener) is StreamState.DISCONNECTED

    hub.stop()
    hub.join()
