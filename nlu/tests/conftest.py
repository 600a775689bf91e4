"""A trained model behind the desk's door, and a citizen who talks to it.

The action server is played by a table of answers; its own tests are in tests/actions.
"""

import asyncio
from pathlib import Path

import pytest
from rasa.core.agent import Agent
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain

from nlu import rasa_training, training_data
from nlu.desk_channel import _read, take_turn
from nlu.lock_store import InProcessLockStore
from nlu.remote_actions import patch_rasa

ROOT = Path(__file__).parents[2]
DATA = ROOT / "nlu_data"


class Actions:
    """Says its own name for every action; `answers` replaces that for some."""

    url = "http://127.0.0.1:1/webhook"
    kwargs = {"selective_domain": True}

    def __init__(self):
        self.answers, self.run, self.heard = {}, [], []

    async def request(self, json, **_):
        name = json["next_action"]
        self.run.append(name)
        self.heard.append(json["tracker"]["latest_message"])
        answer = self.answers.get(name, {"responses": [{"text": name}]})
        if isinstance(answer, list):
            answer = answer.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return {"events": [], "responses": []} | answer


@pytest.fixture(scope="session")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    data = training_data.load(DATA)
    assert rasa_training.is_valid(data, DATA, folder)
    return rasa_training.train(data, DATA, folder, folder / "models")


@pytest.fixture(scope="session")
def agent(model):
    patch_rasa()
    return Agent.load(
        model,
        tracker_store=InMemoryTrackerStore(Domain.empty()),
        lock_store=InProcessLockStore(),
        action_endpoint=Actions(),
    )


@pytest.fixture
def actions(agent):
    agent.action_endpoint = agent.processor.action_endpoint = Actions()
    return agent.action_endpoint


class Citizen:
    _serial = 0

    def __init__(self, agent):
        Citizen._serial += 1
        self.agent, self.sender, self.said = agent, f"citizen-{Citizen._serial}", 0

    def says(self, text, *, retry=False):
        self.said += 0 if retry else 1
        turn = {"sender": self.sender, "message_id": self.said, "text": text}
        return asyncio.run(take_turn(self.agent, _read(turn), retry))


@pytest.fixture
def citizen(agent, actions):
    return Citizen(agent)
