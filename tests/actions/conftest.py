"""Run an action as Rasa would: with a tracker, against the real core."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import SecretStr
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import base
from actions.base import DeskAction
from config.accounts import PushMode, WeChatAccount
from config.settings import Settings
from core.bootstrap import Core
from core.conversations.models import Message


@dataclass
class Done:
    """What an action did: events for Rasa and messages for the citizen."""

    events: list[dict[str, Any]]
    messages: list[dict[str, Any]] = field(default_factory=list)

    @property
    def responses(self) -> list[str]:
        return [message["response"] for message in self.messages if message["response"]]

    @property
    def slots(self) -> dict[str, Any]:
        return {event["name"]: event["value"] for event in self.events if event["event"] == "slot"}

    @property
    def said(self) -> list[str]:
        return [button["payload"] for message in self.messages for button in message["buttons"]]


Run = Callable[..., Done]


@pytest.fixture
def run(core: Core, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run an action on a citizen's message; keyword arguments say what Rasa made of it."""
    monkeypatch.setattr(base, "core", lambda: core)
    account = WeChatAccount(
        app_id="wx1",
        app_secret=SecretStr("secret"),
        original_id="gh_1",
        token=SecretStr("token"),
        mode=PushMode.PLAIN,
    )
    settings = Settings(
        _env_file=None,
        secret_key=SecretStr("only-for-the-tests-secret"),
        data_key=SecretStr("only-for-the-tests-data"),
        wechat={"demo": account},
    )
    monkeypatch.setattr(base, "settings", lambda: settings)

    def run_action(action: DeskAction, message: Message, **given: Any) -> Done:
        dispatcher = CollectingDispatcher()
        tracker = Tracker.from_dict(tracker_of(message, **given))
        events = asyncio.run(action.run(dispatcher, tracker, {}))
        return Done(events, dispatcher.messages)

    return run_action


def tracker_of(
    message: Message,
    *,
    text: str | None = None,
    intent: str = "",
    confidence: float = 0.9,
    slugs: tuple[str, ...] = (),
    also_asked: tuple[str, ...] = (),
    entities: dict[str, str] | None = None,
    slots: dict[str, Any] | None = None,
    comes_back: bool = False,
    sender: str | None = None,
) -> dict[str, Any]:
    ranking = [{"intent_response_key": f"faq/{slug}", "confidence": confidence} for slug in slugs]
    latest = {
        "text": message.text if text is None else text,
        "intent": {"name": intent, "confidence": confidence},
        "entities": [{"entity": name, "value": value} for name, value in (entities or {}).items()],
        "response_selector": {"faq": {"ranking": ranking}},
        "also_asked": [f"faq/{slug}" for slug in also_asked],
    }
    return {
        "sender_id": sender or str(message.conversation_id),
        "slots": slots or {},
        "latest_message": latest,
        "events": [{"event": "user", "metadata": {"message_id": message.id}}, {"event": "bot"}],
        "active_loop": {"name": "case_form", "is_interrupted": comes_back},
    }
