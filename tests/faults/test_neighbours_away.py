"""A neighbour of the desk is away: citizens are told, and answered when it is back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from launch.embedded import EmbeddedServer, start_valkey
from launch.supervisor import Desk
from tests.people import Citizen

pytestmark = [pytest.mark.journey, pytest.mark.rasa, pytest.mark.timeout(300)]

AWAY = "暂时无法应答"


@pytest.mark.parametrize("neighbour", ["actions", "rasa"])
def test_without_its_neighbour_the_bot_gives_way_to_people_and_answers_later(desk, neighbour):
    citizen = Citizen(desk)
    citizen.asks("你好")

    desk.halt(neighbour)
    try:
        citizen.says("身份证丢了怎么补办")
        citizen.hears(AWAY, seconds=40)
    finally:
        desk.resume(neighbour)

    citizen.hears("居民身份证法", seconds=60)


@pytest.fixture(scope="module")
def own_redis(servers_folder: Path) -> Iterator[EmbeddedServer]:
    with start_valkey(servers_folder / "own_redis") as valkey:
        yield valkey


@pytest.fixture(scope="module")
def desk_with_own_redis(own_redis: EmbeddedServer, servers_folder: Path) -> Iterator[Desk]:
    with Desk(
        servers_folder / "desk_with_own_redis",
        only=("simulator", "rasa", "actions", "gateway", "worker"),
        seed=False,
        changes={"REDIS_URL": own_redis.url},
    ) as running:
        yield running


def test_without_redis_messages_are_taken_and_answered_later(
    desk_with_own_redis: Desk, own_redis: EmbeddedServer
):
    citizen = Citizen(desk_with_own_redis)
    citizen.asks("你好")

    own_redis.process.stop(seconds=10)
    try:
        citizen.says("WZ202603010001")
        citizen.hears(AWAY, seconds=60)
        citizen.says("WZ202603010002")
    finally:
        own_redis.process.start()

    citizen.hears("WZ202603010002", seconds=60)
    answered = [text for text in citizen.heard() if "没有查到工单" in text]
    assert "WZ202603010001" in answered[0]
