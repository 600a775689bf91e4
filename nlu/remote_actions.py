"""The one place where Rasa itself is patched: how it calls the action server.

Rasa 3.6.21 does two things here that the desk cannot live with, and offers no setting for either:

1. `RemoteAction._validate_action_result` checks the JSON schema itself before it checks the
   answer, at every call; that is most of the time of a turn. A prepared validator says the same.
2. When an action cannot be run, Rasa logs it and goes on without, so the citizen gets silence.
   A turn must fail as a whole, for people to take over.

`tests` compare what is patched with the text of Rasa's own methods and fail when Rasa changes.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from jsonschema.validators import validator_for
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException

from nlu.turns import ACTIONS_DOWN, abort_running_turn

logger = logging.getLogger(__name__)

ACTION_SECONDS = 4.0

_run_as_rasa_does = RemoteAction.run
_schema = RemoteAction.action_response_format_spec()
_validator = validator_for(_schema)(_schema)


def patch_rasa() -> None:
    RemoteAction._validate_action_result = _validate_action_result
    RemoteAction.run = _run


def _validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    _validator.validate(result)
    return True


async def _run(
    self: RemoteAction,
    output_channel: OutputChannel,
    nlg: NaturalLanguageGenerator,
    tracker: DialogueStateTracker,
    domain: Domain,
) -> list[Event]:
    try:
        return await asyncio.wait_for(
            _run_as_rasa_does(self, output_channel, nlg, tracker, domain), ACTION_SECONDS
        )
    except ActionExecutionRejection:
        raise
    except Exception as error:
        # Names only: what the action server answered may hold what the citizen wrote.
        logger.warning("action failed: %s (%s)", self.name(), type(error).__name__)
        abort_running_turn(ACTIONS_DOWN)
        raise RasaException(f"action failed: {self.name()}") from None
