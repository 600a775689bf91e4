"""The chat on the office's site: the same door, bot and desk as on every other channel.

The page asks for what is new; that it has read the conversation is the delivery.
"""

import re
import secrets
from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from console.addresses import row_number
from console.citizen import limits, threads, visitors, words
from console.citizen.views import bp
from console.context import unit_of_work
from console.entered import cleaned
from console.guard import open_to_all
from core.citizens import queries as citizens
from core.citizens import services
from core.conversations import services as conversations
from core.conversations.states import ConversationState
from core.messaging import InboundKind, InboundMessage
from core.unit_of_work import UnitOfWork

MAX_CHARACTERS = 1_000
KEY = re.compile(r"[0-9a-f]{16,40}")


@bp.get("/chat")
@open_to_all
def chat() -> ResponseReturnValue:
    return _page(text=cleaned(request.args.get("ask"))[:MAX_CHARACTERS])


@bp.post("/chat")
@open_to_all
def say() -> ResponseReturnValue:
    """Take one message, once; without a script the page is shown anew."""
    text = cleaned(request.form.get("text"))
    refusal = _refusal(text)
    if refusal:
        return _refuse(refusal, text)
    address = request.remote_addr or "unknown"
    with unit_of_work() as uow:
        is_new = visitors.find_talker(uow) is None
    if is_new and not limits.allows("talks-of-address", address):
        return _refuse("too_often_said", text)
    with unit_of_work() as uow:
        identity = visitors.begin_talk(uow)
        if not limits.allows("messages-of-citizen", identity.id):
            return _refuse("too_often_said", text)
        conversations.receive(
            uow,
            InboundMessage(
                address=identity.address,
                dedupe_key=f"{identity.platform_id}:{_key()}",
                kind=InboundKind.TEXT,
                sent_at=uow.now,
                text=text,
            ),
        )
    if _is_asked_by_script():
        return "", HTTPStatus.NO_CONTENT
    return redirect(url_for(".chat", _anchor="end"), HTTPStatus.SEE_OTHER)


@bp.get("/chat/news")
@open_to_all
def chat_news() -> ResponseReturnValue:
    """Return what was said since the page last asked, and whether an answer is on its way."""
    after_seq = request.args.get("after", 0, type=row_number)
    read_seq = request.args.get("read", 0, type=row_number)
    with unit_of_work() as uow:
        conversation = _conversation(uow)
        if conversation is None:
            return "", HTTPStatus.NO_CONTENT
        services.look_at_page(uow, conversation.id, read_seq=min(read_seq, conversation.last_seq))
        talk = threads.talk(uow, conversation, after_seq=after_seq)
        return {
            "lines": render_template("citizen/_talk.html", talk=talk),
            "after": talk.last_seq,
            "is_typing": talk.waits_for_bot,
            "status": words.chat_status(talk.state),
            "with_people": talk.state is not ConversationState.BOT,
        }


@bp.post("/chat/left")
@open_to_all
def chat_left() -> ResponseReturnValue:
    with unit_of_work() as uow:
        conversation = _conversation(uow)
        if conversation is not None:
            services.leave_page(uow, conversation.id)
    return "", HTTPStatus.NO_CONTENT


@bp.post("/chat/end")
@open_to_all
def end_chat() -> ResponseReturnValue:
    """Forget the talk in every browser: machines in a library are shared."""
    with unit_of_work() as uow:
        identity = visitors.find_talker(uow)
        if identity is not None:
            conversation = citizens.conversation_of(uow.session, identity.id)
            if conversation is not None:
                services.leave_page(uow, conversation.id)
            services.leave_pages(uow, identity.id)
    visitors.end_talk()
    flash(words.refusal("talk_ended"), "citizen")
    return redirect(url_for(".home"), HTTPStatus.SEE_OTHER)


def _page(*, text: str = "", refusal: str = "") -> str:
    with unit_of_work() as uow:
        conversation = _conversation(uow)
        talk = threads.NOTHING_SAID
        if conversation is not None:
            talk = threads.talk(uow, conversation)
        return render_template(
            "citizen/chat.html",
            talk=talk,
            status=words.chat_status(talk.state),
            first_choices=words.words()["chat"]["choices"],
            welcome=words.words()["chat"]["welcome"].format(office=uow.office.name),
            is_open=uow.office.is_open(uow.now),
            hours=uow.office.hours,
            key=secrets.token_hex(16),
            text=text,
            limit=MAX_CHARACTERS,
            refusal=refusal,
        )


def _conversation(uow: UnitOfWork) -> Any:
    identity = visitors.find_talker(uow)
    return citizens.conversation_of(uow.session, identity.id) if identity is not None else None


def _refusal(text: str) -> str:
    if not text:
        return "nothing_said"
    if len(text) > MAX_CHARACTERS:
        return "too_long_said"
    if not limits.allows("messages-of-address", request.remote_addr or "unknown"):
        return "too_often_said"
    return ""


def _refuse(code: str, text: str) -> ResponseReturnValue:
    often = code == "too_often_said"
    status = HTTPStatus.TOO_MANY_REQUESTS if often else HTTPStatus.UNPROCESSABLE_ENTITY
    told = words.refusal(code).format(limit=MAX_CHARACTERS, length=len(text))
    if _is_asked_by_script():
        return {"refusal": told}, status
    return _page(text=text, refusal=told), status


def _is_asked_by_script() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _key() -> str:
    """Return the mark of this very message: the same form sent twice is one message."""
    key = request.form.get("key", "")
    return key if KEY.fullmatch(key) else secrets.token_hex(16)
