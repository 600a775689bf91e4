"""What every action shares: one run, one unit of work, rules told in the office's words."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Iterable
from functools import cache
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from redis import Redis

from actions.turns import Turn
from config.notices import load_notices
from config.settings import Settings
from core.adapters.redis_events import RedisEvents
from core.bootstrap import Core, build_core, build_office
from core.errors import DomainError
from core.messaging import Choice
from core.unit_of_work import UnitOfWork

# Live events may be lost; no citizen waits for them.
REDIS_TIMEOUT_SECONDS = 2.0

TO_A_PERSON = Choice("转人工", "转人工")
LEAVE_A_CASE = Choice("我要反映问题", "我要反映问题")

Events = list[dict[str, Any]]


@cache
def settings() -> Settings:
    return Settings()


def web_login_accounts() -> frozenset[str]:
    return settings().web_login_accounts


@cache
def core() -> Core:
    redis = Redis.from_url(
        settings().redis_url,
        socket_timeout=REDIS_TIMEOUT_SECONDS,
        socket_connect_timeout=REDIS_TIMEOUT_SECONDS,
    )
    return build_core(
        settings().database_url,
        publish=RedisEvents(redis).publish,
        office=build_office(
            settings().office_name,
            settings().office_hours,
            load_notices(),
            public_url=settings().public_url,
        ),
        data_key=settings().data_key.get_secret_value(),
    )


class Speaker:
    """How an action answers: in responses of the domain, or in words that come from data."""

    def __init__(self, dispatcher: CollectingDispatcher) -> None:
        self._dispatcher = dispatcher

    def respond(
        self,
        response: str,
        *,
        choices: Iterable[Choice] = (),
        reason: dict[str, Any] | None = None,
        **facts: object,
    ) -> None:
        """Say a response of the domain with these facts in it."""
        self._dispatcher.utter_message(
            response=response,
            buttons=_buttons(choices),
            reason=reason or {"kind": "response", "name": response},
            **facts,
        )

    def say(self, text: str, *, choices: Iterable[Choice] = (), reason: dict[str, Any]) -> None:
        self._dispatcher.utter_message(text=text, buttons=_buttons(choices), reason=reason)

    def be_silent(self) -> None:
        """Take back what was said: the change it told of has not happened."""
        self._dispatcher.messages.clear()


class DeskAction(Action, ABC):
    """One run, one transaction, in a thread so that the server keeps answering others.

    rasa-sdk registers every concrete subclass of Action it can import; being
    abstract is what keeps this class out.
    """

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        return await asyncio.to_thread(self._run_in_transaction, dispatcher, tracker)

    def _run_in_transaction(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        speaker = Speaker(dispatcher)
        try:
            with core().unit_of_work() as uow:
                return self.act(uow, Turn(tracker), speaker)
        except DomainError as error:
            speaker.be_silent()
            self.tell_refusal(error, speaker)
            return self.after_refusal()

    @abstractmethod
    def act(self, uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Events: ...

    def tell_refusal(self, error: DomainError, speaker: Speaker) -> None:
        speaker.respond(
            f"utter_error_{error.code}",
            choices=[TO_A_PERSON],
            reason={"kind": "refused", "code": error.code},
            **error.details,
        )

    def after_refusal(self) -> Events:
        return []


def _buttons(choices: Iterable[Choice]) -> list[dict[str, str]]:
    return [{"title": choice.title, "payload": choice.says} for choice in choices]
