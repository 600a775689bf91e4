"""The door of the action server."""

import asyncio

import httpx
import pytest

from actions import base
from actions.app import Executor, create_app
from tests.actions.conftest import tracker_of
from tests.builders import a_message


class Client:
    """Rasa, without a network between."""

    def __init__(self, app):
        self._app = app

    def get(self, path):
        return asyncio.run(self._ask("GET", path))

    def post(self, path, json):
        return asyncio.run(self._ask("POST", path, json=json))

    async def _ask(self, method, path, **given):
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://actions") as client:
            return await client.request(method, path, **given)


@pytest.fixture
def client(core, monkeypatch):
    monkeypatch.setattr(base, "core", lambda: core)
    return Client(create_app(core))


@pytest.fixture
def message(uow):
    message = a_message(uow)
    uow.session.commit()
    return message


def call(client, message, action, **given):
    tracker = tracker_of(message, **given)
    return client.post("/webhook", json={"next_action": action, "tracker": tracker})


def test_an_action_runs_without_the_domain(client, message):
    answer = call(client, message, "action_hand_off", intent="request_human")

    assert answer.status_code == 200
    [said] = answer.json()["responses"]
    assert said["response"] == "utter_hand_off"


def test_an_unknown_action_is_refused(client, message):
    assert call(client, message, "action_nothing").status_code == 404


def test_a_mistake_of_ours_is_an_error_that_tells_nothing_of_the_citizen(client, message):
    answer = client.post("/webhook", json={"next_action": "action_hand_off", "tracker": {}})

    assert answer.status_code == 500
    assert answer.json() == {"code": "action_failed"}


@pytest.mark.parametrize("path", ["/health", "/healthz", "/readyz", "/metrics"])
def test_whoever_watches_is_answered(client, path):
    assert client.get(path).status_code == 200


def test_what_ran_is_counted(client, message):
    call(client, message, "action_hand_off", intent="request_human")

    assert 'desk_action_runs_total{action="action_hand_off"' in client.get("/metrics").text


def test_only_concrete_actions_are_registered():
    executor = Executor()
    executor.register_package("actions")

    assert "action_open_case" in executor.actions
    assert all(name.startswith(("action_", "validate_")) for name in executor.actions)
