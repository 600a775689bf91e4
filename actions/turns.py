"""The citizen's message as actions see it, out of Rasa's tracker."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rasa_sdk import Tracker

from core.conversations.errors import ConversationNotFound


@dataclass(frozen=True)
class Turn:
    tracker: Tracker

    @property
    def conversation_id(self) -> int:
        try:
            return int(self.tracker.sender_id)
        except ValueError:
            raise ConversationNotFound(conversation_id=self.tracker.sender_id) from None

    @cached_property
    def message_id(self) -> int | None:
        """The desk's own id of the message; actions are idempotent by it."""
        for event in reversed(self.tracker.events):
            if event.get("event") == "user":
                given = (event.get("metadata") or {}).get("message_id")
                return None if given is None else int(given)
        return None

    @property
    def text(self) -> str:
        return (self._message.get("text") or "").strip()

    @property
    def intent(self) -> str:
        return str((self._message.get("intent") or {}).get("name") or "")

    @property
    def confidence(self) -> float:
        return float((self._message.get("intent") or {}).get("confidence") or 0.0)

    @property
    def likely_slugs(self) -> list[str]:
        """FAQ entries the question may be about, likeliest first."""
        selector = (self._message.get("response_selector") or {}).get("faq") or {}
        return [
            item["intent_response_key"].removeprefix("faq/")
            for item in selector.get("ranking") or []
        ]

    @property
    def also_asked(self) -> list[str]:
        """FAQ entries that the same message asks for as well, in its order."""
        labels: list[str] = self._message.get("also_asked") or []
        return [label.removeprefix("faq/") for label in labels]

    def entities(self, name: str) -> list[str]:
        return [
            str(entity["value"])
            for entity in self._message.get("entities") or []
            if entity.get("entity") == name
        ]

    @property
    def comes_back_to_form(self) -> bool:
        """Tell whether the form goes on after something else has been answered."""
        return bool((self.tracker.active_loop or {}).get("is_interrupted"))

    def slot(self, name: str) -> Any:
        return self.tracker.slots.get(name)

    @property
    def _message(self) -> dict[str, Any]:
        message: dict[str, Any] = self.tracker.latest_message or {}
        return message
