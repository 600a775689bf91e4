"""What is patched in Rasa must still be what was read when the patch was written."""

import asyncio
import hashlib
import inspect

import jsonschema
import pytest
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException

from nlu import remote_actions, turns

READ = {
    "run": "ccabf6f1160d527a",
    "_validate_action_result": "f8cdb4be68123961",
}
ORIGINALS = {
    "run": RemoteAction.run,
    "_validate_action_result": RemoteAction._validate_action_result,
}


@pytest.fixture(autouse=True)
def patched():
    remote_actions.patch_rasa()
    yield
    for name, original in ORIGINALS.items():
        setattr(RemoteAction, name, original)


class Endpoint:
    """An action server that answers, refuses or is away."""

    url = "http://127.0.0.1:1/webhook"
    kwargs = {"selective_domain": True}

    def __init__(self, answer=None, error=None):
        self.answer, self.error = answer, error

    async def request(self, **_):
        if self.error is not None:
            raise self.error
        return self.answer


def run(endpoint):
    tracker = DialogueStateTracker.from_events("7", [])
    action = RemoteAction("action_x", endpoint)
    generator = TemplatedNaturalLanguageGenerator({})
    return asyncio.run(action.run(CollectingOutputChannel(), generator, tracker, Domain.empty()))


@pytest.mark.parametrize("name", READ)
def test_rasa_has_not_changed_what_is_patched(name):
    text = inspect.getsource(ORIGINALS[name])

    assert hashlib.sha256(text.encode()).hexdigest()[:16] == READ[name]


def test_the_prepared_validator_is_the_one_rasa_would_choose():
    schema = RemoteAction.action_response_format_spec()

    assert type(remote_actions._validator) is jsonschema.validators.validator_for(schema)
    assert remote_actions._validator.schema == schema


@pytest.mark.parametrize("answer", [{"events": "none"}, {"events": [{}]}, {"responses": [1]}])
def test_a_malformed_answer_is_refused_as_before(answer):
    with pytest.raises(jsonschema.ValidationError):
        ORIGINALS["_validate_action_result"](RemoteAction("a", None), answer)
    with pytest.raises(jsonschema.ValidationError):
        remote_actions._validate_action_result(RemoteAction("a", None), answer)


def test_a_good_answer_becomes_events():
    answer = {"events": [{"event": "slot", "name": "x", "value": 1}], "responses": [{"text": "好"}]}

    said, remembered = run(Endpoint(answer))

    assert said.text == "好"
    assert (remembered.key, remembered.value) == ("x", 1)


def test_a_failing_action_ends_a_running_turn():
    with turns.turn(), pytest.raises(turns.TurnAborted) as aborted:
        run(Endpoint(error=OSError("gone")))

    assert aborted.value.code == turns.ACTIONS_DOWN


def test_outside_of_a_turn_rasa_goes_on_as_it_does():
    with pytest.raises(RasaException):
        run(Endpoint(error=OSError("gone")))


def test_a_rejected_action_is_no_failure():
    with turns.turn(), pytest.raises(ActionExecutionRejection):
        run(Endpoint(error=ActionExecutionRejection("action_x")))
