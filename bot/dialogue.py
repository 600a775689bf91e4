"""The dialogue engine as the worker needs it: Rasa over HTTP, replaceable behind this module."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import httpx

from core.conversations.services import Reply
from core.messaging import Choice

HEALTH_TIMEOUT_SECONDS = 3.0


class DialogueUnavailable(Exception):
    """The bot cannot answer now: it is down, slow, or one of its own parts is."""


@dataclass(frozen=True)
class Turn:
    """What the bot said to one message, and what it took the message for."""

    replies: tuple[Reply, ...]
    understanding: dict[str, Any]


class Dialogue:
    """A Rasa server with our input channel. Safe to share between threads."""

    def __init__(self, url: str, token: str, timeout_seconds: float) -> None:
        self._client = httpx.Client(
            base_url=url,
            params={"token": token},
            timeout=httpx.Timeout(timeout_seconds, connect=2.0),
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=32),
        )

    def take_turn(
        self, conversation_id: int, message_id: int, text: str, *, is_retry: bool
    ) -> Turn:
        """Let the bot answer, or raise DialogueUnavailable.

        With `is_retry` a message that an earlier attempt brought through is not
        handled again: its answer is fetched from the bot's memory.
        """
        question = {
            "sender": str(conversation_id),
            "message_id": message_id,
            "text": text,
            "retry": is_retry,
        }
        answer = self._post("/webhooks/desk/turn", question).json()
        replies = tuple(
            Reply(
                text=reply["text"],
                choices=tuple(Choice(**choice) for choice in reply.get("choices") or ()),
                reason=reply.get("reason") or {},
            )
            for reply in answer["replies"]
        )
        if not replies:
            raise DialogueUnavailable("the bot had nothing to say")
        return Turn(replies, answer.get("understanding") or {})

    def forget(self, conversation_id: int) -> None:
        """Drop what was open in this conversation, such as a half-filled form."""
        self._post(f"/conversations/{conversation_id}/tracker/events", [{"event": "restart"}])

    def is_well(self) -> bool:
        """Tell whether a model is loaded and the action server answers."""
        try:
            response = self._client.get("/webhooks/desk/healthz", timeout=HEALTH_TIMEOUT_SECONDS)
        except httpx.HTTPError:
            return False
        return response.status_code == HTTPStatus.OK

    def _post(self, path: str, body: object) -> httpx.Response:
        try:
            response = self._client.post(path, json=body)
            response.raise_for_status()
        except httpx.HTTPStatusError as error:
            raise DialogueUnavailable(f"HTTP {error.response.status_code}") from error
        except httpx.HTTPError as error:
            raise DialogueUnavailable(type(error).__name__) from error
        return response
