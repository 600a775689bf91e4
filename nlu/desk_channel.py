"""The door of Rasa for the desk's turn worker: one message in, the whole turn out."""

from __future__ import annotations

import asyncio
import hmac
import logging
import unicodedata
from typing import Any
from urllib.parse import urljoin

import aiohttp
from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from nlu import turns
from nlu.remote_actions import patch_rasa
from nlu.turns import TurnAborted

logger = logging.getLogger(__name__)

LONGEST_TEXT = 10_000
LONGEST_SENDER = 64
NEAREST_KEPT = 3  # with every message: why it was understood so
PERSONAL = frozenset({"phone", "id_number"})
HEALTH_SECONDS = 2.0
_JOINER = "\u200d"  # holds families of emoji together
_FULL_WIDTH_SLASH = "／"


class DeskOutput(OutputChannel):
    """Keeps what the bot says for the answer of the turn."""

    def __init__(self) -> None:
        self.replies: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        return "desk"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        self.replies.append(as_reply(message))


class DeskInput(InputChannel):
    def __init__(self, token: str) -> None:
        self._token = token

    @classmethod
    def name(cls) -> str:
        return "desk"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> DeskInput:
        patch_rasa()
        return cls(str((credentials or {}).get("token") or ""))

    def blueprint(self, on_new_message: Any) -> Blueprint:
        desk = Blueprint("desk", __name__)

        @desk.route("/turn", methods=["POST"])
        async def turn(request: Request) -> HTTPResponse:
            if not self._is_ours(request):
                return _refused(401, "unauthorised")
            message = _read(request.json)
            if message is None:
                return _refused(400, "unreadable_turn")
            agent: Agent = request.app.ctx.agent
            try:
                return response.json(await take_turn(agent, message, request.json.get("retry")))
            except TurnAborted as aborted:
                logger.warning("turn aborted: %s, message %s", aborted.code, message.message_id)
                return _refused(503, aborted.code)

        @desk.route("/healthz", methods=["GET"])
        async def healthz(request: Request) -> HTTPResponse:
            found = await _health(request.app.ctx.agent)
            return response.json(found, status=200 if found["status"] == "ok" else 503)

        return desk

    def _is_ours(self, request: Request) -> bool:
        given = request.args.get("token", "")
        return not self._token or hmac.compare_digest(given.encode(), self._token.encode())


async def take_turn(agent: Agent, message: UserMessage, is_retry: bool) -> dict[str, Any]:
    """Answer the message, or raise TurnAborted and leave the conversation as it was."""
    with turns.turn():
        if not agent.is_ready():
            raise TurnAborted(turns.NO_MODEL)
        # One lock around both: the first attempt may still be running when the second comes.
        async with agent.lock_store.lock(message.sender_id):
            if is_retry:
                tracker = await agent.tracker_store.retrieve(message.sender_id)
                earlier = _earlier_turn(tracker, message.message_id)
                if earlier is not None:
                    return _turn(*earlier, agent)
            output = DeskOutput()
            message.output_channel = output
            message.parse_data = await agent.processor.parse_message(message)
            await agent.processor.handle_message(message)
        return _turn(message.parse_data, output.replies, agent)


def as_reply(message: dict[str, Any]) -> dict[str, Any]:
    """Return a bot message as the desk sees it; what a button says is what one could type."""
    reason = message.get("reason") or {"kind": "response", "name": message.get("utter_action")}
    return {
        "text": message.get("text") or "",
        "choices": [
            {"title": button["title"], "says": button.get("payload") or button["title"]}
            for button in message.get("buttons") or []
        ],
        "reason": reason,
    }


def as_plain_words(text: str) -> str:
    """Return the text without control characters; a leading slash is not a command to Rasa."""
    kept = "".join(
        c
        for c in text[:LONGEST_TEXT]
        if c in "\n\t" or c == _JOINER or unicodedata.category(c) not in {"Cc", "Cf", "Cs"}
    ).strip()
    return _FULL_WIDTH_SLASH + kept[1:] if kept.startswith("/") else kept


def _read(body: Any) -> UserMessage | None:
    if not isinstance(body, dict):
        return None
    sender, message_id, text = body.get("sender"), body.get("message_id"), body.get("text")
    if not isinstance(sender, (str, int)) or not 0 < len(str(sender)) <= LONGEST_SENDER:
        return None
    if not isinstance(message_id, (str, int)) or not isinstance(text, str):
        return None
    return UserMessage(
        as_plain_words(text),
        sender_id=str(sender),
        input_channel=DeskInput.name(),
        message_id=str(message_id),
        metadata={"message_id": message_id},
    )


def _earlier_turn(
    tracker: DialogueStateTracker | None, message_id: str
) -> tuple[dict[str, Any], list[dict[str, Any]]] | None:
    """Return how the message was understood and answered, if it was.

    A turn is kept as a whole or not at all, so a message that is there was answered.
    """
    found: tuple[dict[str, Any], list[dict[str, Any]]] | None = None
    for event in tracker.events if tracker else ():
        if isinstance(event, UserUttered):
            if found is not None:
                break
            if event.message_id == message_id:
                found = (event.parse_data, [])
        elif isinstance(event, BotUttered) and found is not None:
            found[1].append(as_reply(event.message()))
    return found


def _turn(
    understood: dict[str, Any], replies: list[dict[str, Any]], agent: Agent
) -> dict[str, Any]:
    if not replies:
        raise TurnAborted(turns.NOTHING_SAID)
    intent = understood.get("intent") or {}
    return {
        "replies": replies,
        "understanding": {
            "intent": intent.get("full_retrieval_intent_name") or intent.get("name"),
            "confidence": intent.get("confidence"),
            "ranking": [
                {"intent": item["name"], "confidence": item["confidence"]}
                for item in understood.get("intent_ranking") or []
            ],
            "also_asked": understood.get("also_asked") or [],
            "nearest": [
                {**form, "likeness": round(form["likeness"], 3)}
                for form in (understood.get("nearest") or [])[:NEAREST_KEPT]
            ],
            "entities": [
                {"entity": item["entity"], "value": _masked(item["entity"], item["value"])}
                for item in understood.get("entities") or []
            ],
            "model": (agent.processor.model_filename or "").replace(".tar.gz", ""),
        },
    }


def _masked(entity: str, value: str) -> str:
    return f"{value[:3]}****{value[-4:]}" if entity in PERSONAL else value


async def _health(agent: Agent) -> dict[str, Any]:
    has_model = agent.is_ready()
    found = {"actions": await _actions_answer(agent), "memory": await _memory_answers(agent)}
    return {
        "status": "ok" if has_model and all(found.values()) else "unavailable",
        "model": agent.processor.model_filename if has_model else None,
        **found,
    }


async def _memory_answers(agent: Agent) -> bool:
    try:
        with turns.turn():
            await agent.tracker_store.retrieve("healthz")
    except TurnAborted:
        return False
    return True


async def _actions_answer(agent: Agent) -> bool:
    if agent.action_endpoint is None or not agent.action_endpoint.url:
        return False
    try:
        async with aiohttp.request(
            "GET",
            urljoin(agent.action_endpoint.url, "/health"),
            timeout=aiohttp.ClientTimeout(total=HEALTH_SECONDS),
        ) as answer:
            return bool(answer.status == 200)
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
        return False


def _refused(status: int, code: str) -> HTTPResponse:
    return response.json({"code": code}, status=status)
