"""Staff open a case for a citizen: on the phone, at the counter, or out of a conversation."""

import re
import secrets
from collections.abc import Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from console import wording
from console.cases.access import visible_case
from console.cases.forms import OpeningForm
from console.cases.views import bp
from console.context import CurrentOperator, operator, unit_of_work
from console.entered import cleaned, row_id
from console.errors import status_of, words_for
from console.guard import needs
from core.cases import services
from core.cases.services import Contact
from core.cases.states import CaseSource
from core.conversations import queries as conversations
from core.conversations.states import Author
from core.errors import InvalidInputError
from core.events import operator_actor
from core.messaging import InboundKind
from core.operators.errors import PermissionMissing
from core.operators.permissions import Permission
from core.unit_of_work import UnitOfWork

FORM_KEY = re.compile(r"[0-9a-f]{32}")
LOOKED_AT = 200
SHOWN_MESSAGES = 20
# What a citizen said lately, and in more than a word or two, is likely part of the matter.
LATELY = timedelta(hours=24)
TICKED_CHARACTERS = 8


@bp.get("/new")
@needs(Permission.OPEN_CASE)
def new() -> ResponseReturnValue:
    with unit_of_work() as uow:
        conversation = _conversation(uow, operator())
        messages = _messages(uow, conversation)
        ticked = _likely(messages)
        form = OpeningForm(
            form_key=_new_key(),
            content="\n".join(message.text.strip() for message in messages if message.id in ticked),
            source=_source(conversation),
        )
        return _page(form, conversation, messages, ticked)


@bp.post("/new")
@needs(Permission.OPEN_CASE)
def open_case() -> ResponseReturnValue:
    form = OpeningForm(request.form)
    if not FORM_KEY.fullmatch(form.form_key.data or ""):
        form.form_key.data = _new_key()
    with unit_of_work() as uow:
        conversation = _conversation(uow, operator())
        messages = _messages(uow, conversation)
    ticked = set(request.form.getlist("messages", type=int))
    if conversation is not None:
        form.source.data = _source(conversation)
        form.source.raw_data = [form.source.data.value]
    if "fill" in request.form:
        form.content.data = "\n".join(
            message.text.strip() for message in messages if message.id in ticked
        )
        return _page(form, conversation, messages, ticked)
    if not form.validate():
        return _page(form, conversation, messages, ticked), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with unit_of_work() as uow:
            case = _submit(uow, form, conversation)
            is_same = case.content == form.content.data
    except InvalidInputError as error:
        form.refusal = words_for(error)
        return _page(form, conversation, messages, ticked), status_of(error)
    if not is_same:
        # Gone back, written something else, and sent the same form again.
        form.refusal = wording.field_error("already_opened", number=case.number)
        form.form_key.data = _new_key()
        return _page(form, conversation, messages, ticked), HTTPStatus.CONFLICT
    return redirect(url_for(".receipt", number=case.number), HTTPStatus.SEE_OTHER)


@bp.post("/new/earlier")
@needs(Permission.OPEN_CASE)
def earlier() -> ResponseReturnValue:
    """Show what the caller has raised before; sent as a form, so that no log holds the number."""
    with unit_of_work() as uow:
        return render_template(
            "cases/_earlier.html", earlier=_earlier(uow, request.form.get("phone"))
        )


def _earlier(uow: UnitOfWork, phone: str | None) -> Sequence[Any]:
    if not operator().can(Permission.VIEW_ALL_CASES):
        return []
    return services.cases_with_phone(uow, cleaned(phone))


@bp.get("/<number>/receipt")
@needs(Permission.OPEN_CASE)
def receipt(number: str) -> ResponseReturnValue:
    """Show what the citizen takes along: number and query code.

    The unit that answers never sees the code: whoever knows it can rate the answer.
    """
    with unit_of_work() as uow:
        case = visible_case(uow, number, operator())
        return render_template(
            "cases/receipt.html", case=case, case_page=uow.office.case_page(number)
        )


def _submit(uow: UnitOfWork, form: Any, conversation: Any) -> Any:
    actor = operator_actor(operator().id)
    case = services.submit_case(
        uow,
        kind=form.kind.data,
        title=form.title.data,
        content=form.content.data,
        source=form.source.data,
        place=form.place.data,
        contact=Contact(form.name.data, form.phone.data),
        conversation_id=conversation.id if conversation is not None else None,
        source_key=f"console:{form.form_key.data}",
        actor=actor,
    )
    services.acknowledge_case(uow, case.number, actor=actor)
    return case


def _page(form: Any, conversation: Any, messages: Sequence[Any], ticked: set[int]) -> str:
    earlier: Sequence[Any] = ()
    if form.phone.data:
        with unit_of_work() as uow:
            earlier = _earlier(uow, form.phone.data)
    return render_template(
        "cases/new.html",
        form=form,
        earlier=earlier,
        conversation=conversation,
        messages=messages,
        ticked=ticked,
    )


def _conversation(uow: UnitOfWork, who: CurrentOperator) -> Any:
    """Return the conversation the case comes from, if it comes from one."""
    conversation_id = request.args.get("conversation", type=row_id)
    if conversation_id is None:
        return None
    if not who.can(Permission.VIEW_CONVERSATIONS):
        raise PermissionMissing(permission=Permission.VIEW_CONVERSATIONS)
    return conversations.get(uow.session, conversation_id)


def _messages(uow: UnitOfWork, conversation: Any) -> list[Any]:
    """Return what the citizen last said in words, oldest first."""
    if conversation is None:
        return []
    thread = conversations.thread(uow.session, conversation.id, limit=LOOKED_AT)
    said = [
        message
        for message in thread
        if message.author is Author.CITIZEN
        and message.kind is InboundKind.TEXT
        and message.text.strip()
    ]
    return said[-SHOWN_MESSAGES:]


def _likely(messages: Sequence[Any]) -> set[int]:
    if not messages:
        return set()
    since = messages[-1].received_at - LATELY
    return {
        message.id
        for message in messages
        if message.received_at >= since and len(message.text.strip()) >= TICKED_CHARACTERS
    }


def _source(conversation: Any) -> CaseSource | None:
    return CaseSource(conversation.identity.channel.value) if conversation is not None else None


def _new_key() -> str:
    return secrets.token_hex(16)
