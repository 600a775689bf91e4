"""The desk's pages and the fragments that keep them fresh."""

from functools import partial
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from console.addresses import row_number
from console.context import core, operator, settings, unit_of_work
from console.desk import threads
from console.desk.identities import name_account, page_state
from console.desk.lists import account_chosen, account_names, lists_for
from console.desk.phrases import quick_phrases
from console.desk.previews import in_few_words
from console.desk.summaries import summarise
from console.guard import needs
from core.conversations import queries
from core.conversations.states import ConversationState
from core.operators import queries as operators
from core.operators.permissions import Permission
from core.unit_of_work import UnitOfWork

bp = Blueprint("desk", __name__, url_prefix="/desk", template_folder="templates")


@bp.get("/")
@needs(Permission.VIEW_CONVERSATIONS)
def index() -> ResponseReturnValue:
    with unit_of_work() as uow:
        return _desk(uow)


@bp.get("/<int:conversation_id>")
@needs(Permission.VIEW_CONVERSATIONS)
def conversation(conversation_id: int) -> ResponseReturnValue:
    """Show the whole desk, or only the conversation where the rest is on the page already."""
    with unit_of_work() as uow:
        facts = _conversation_facts(uow, conversation_id)
        thread = threads.newest(uow, conversation_id)
        facts |= {"thread": thread, "summary": _summary(uow, facts["current"])}
        if "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers:
            return render_template("desk/_conversation.html", **facts)
        return _desk(uow, **facts)


@bp.get("/lists")
@needs(Permission.VIEW_CONVERSATIONS)
def lists() -> ResponseReturnValue:
    with unit_of_work() as uow:
        return render_template("desk/_lists.html", **_list_facts(uow))


@bp.get("/<int:conversation_id>/earlier")
@needs(Permission.VIEW_CONVERSATIONS)
def earlier(conversation_id: int) -> ResponseReturnValue:
    before_seq = request.args.get("before", 0, type=row_number)
    with unit_of_work() as uow:
        facts = _conversation_facts(uow, conversation_id)
        thread = threads.newest(uow, conversation_id, before_seq=before_seq)
        return render_template("desk/_earlier.html", thread=thread, **facts)


@bp.get("/<int:conversation_id>/news")
@needs(Permission.VIEW_CONVERSATIONS)
def news(conversation_id: int) -> ResponseReturnValue:
    """Return what the page does not show yet: new lines, changed lines, a changed state."""
    after_seq = request.args.get("after", 0, type=row_number)
    marks = dict(_mark(text) for text in request.args.getlist("open") if ":" in text)
    with unit_of_work() as uow:
        facts = _conversation_facts(uow, conversation_id)
        lines = threads.after(uow, conversation_id, after_seq)
        return render_template(
            "desk/_news.html",
            lines=lines,
            last_seq=lines[-1].message.seq if lines else after_seq,
            changed=threads.changed(uow, conversation_id, marks),
            state_changed=request.args.get("state") != facts["state_mark"],
            **facts,
        )


@bp.get("/<int:conversation_id>/context")
@needs(Permission.VIEW_CONVERSATIONS)
def context(conversation_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        facts = _conversation_facts(uow, conversation_id)
        return render_template(
            "desk/_context.html", summary=_summary(uow, facts["current"]), **facts
        )


def _desk(uow: UnitOfWork, **facts: Any) -> str:
    facts.setdefault("current", None)
    return render_template("desk/index.html", **_list_facts(uow) | facts)


def _list_facts(uow: UnitOfWork) -> dict[str, Any]:
    wanted = request.args.get("recent_state", "")
    state = ConversationState(wanted) if wanted in set(ConversationState) else None
    through = account_chosen(request.args.get("through", ""))
    return {
        "lists": lists_for(uow, operator().id, recent_state=state, through=through),
        "through": through,
        "in_few_words": in_few_words,
        "recent_state": state,
        "current_id": request.args.get("current", type=row_number)
        or (request.view_args or {}).get("conversation_id"),
        "states": list(ConversationState),
        "target_seconds": settings().handoff_target_seconds,
    }


def _conversation_facts(uow: UnitOfWork, conversation_id: int) -> dict[str, Any]:
    who, conversation = operator(), queries.get(uow.session, conversation_id)
    is_mine = (
        conversation.state is ConversationState.OPERATOR and conversation.operator_id == who.id
    )
    holder_id = conversation.operator_id
    waiting_since = conversation.waiting_since
    room = queries.room_for(uow.session, conversation.identity, uow.now)
    page = page_state(uow, conversation)
    names = account_names(uow)
    return {
        "current": conversation,
        "account_name": name_account(names, conversation.identity),
        "name_of": partial(name_account, names),
        "page": page,
        "is_mine": is_mine,
        "may_speak": is_mine and who.can(Permission.CONVERSE),
        "holder": operators.names(uow.session, [holder_id]).get(holder_id, "") if holder_id else "",
        "state_mark": f"{conversation.state}-{holder_id}-{conversation.identity.left_at is None}"
        + (f"-{page.is_open}-{page.has_read_all}" if page else ""),
        "waited_seconds": int((uow.now - waiting_since).total_seconds()) if waiting_since else 0,
        "target_seconds": settings().handoff_target_seconds,
        "room": room,
        "room_seconds": int((room.until - uow.now).total_seconds()) if room.until else 0,
        "limit_bytes": settings().text_limit_bytes,
        "phrases": quick_phrases(operator=who.display_name, office=core().office.name),
    }


def _summary(uow: UnitOfWork, conversation: Any) -> Any:
    return summarise(uow, conversation.id, conversation.identity.citizen_id, operator().permissions)


def _mark(text: str) -> tuple[int, str]:
    message_id, _, mark = text.partition(":")
    try:
        return row_number(message_id), mark
    except ValueError:
        return 0, mark
