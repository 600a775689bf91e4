"""The requests, what each would take away, and the two steps that two people take."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from console import notices
from console.context import CurrentOperator, media_store, operator, unit_of_work
from console.entered import cleaned
from console.errors import words_for
from console.guard import needs
from core.conversations.states import ErasureState as State
from core.erasures import queries, services
from core.errors import DomainError
from core.operators import queries as operators
from core.operators.permissions import Permission
from core.unit_of_work import UnitOfWork

bp = Blueprint("erasures", __name__, url_prefix="/erasures", template_folder="templates")


def count_todo(uow: UnitOfWork, who: CurrentOperator) -> int:
    """Count what waits for this very person."""
    waiting = 0
    if who.can(Permission.CHECK_ERASURES):
        waiting += queries.count(uow.session, State.REQUESTED)
    if who.can(Permission.CARRY_OUT_ERASURES):
        waiting += queries.count(uow.session, State.CLEARED)
    return waiting


@bp.get("/")
@needs(Permission.VIEW_ERASURES)
def index() -> ResponseReturnValue:
    wished = request.args.get("state", "")
    state = State(wished) if wished in set(State) else State.REQUESTED
    with unit_of_work() as uow:
        found = queries.requests(uow.session, state)
        return render_template(
            "erasures/index.html",
            state=state,
            counts={each: queries.count(uow.session, each) for each in State},
            requests=found,
            names=_names(uow, found),
        )


@bp.get("/<int:request_id>")
@needs(Permission.VIEW_ERASURES)
def show(request_id: int) -> ResponseReturnValue:
    """Show what would go and what the law keeps; nothing changes by looking."""
    return _page(request_id)


@bp.post("/<int:request_id>/clear")
@needs(Permission.CHECK_ERASURES)
def clear(request_id: int) -> ResponseReturnValue:
    return _check(request_id, services.clear_erasure, "已核对，可以由系统管理员执行删除。")


@bp.post("/<int:request_id>/decline")
@needs(Permission.CHECK_ERASURES)
def decline(request_id: int) -> ResponseReturnValue:
    return _check(request_id, services.decline_erasure, "已记录：依法保留，不予删除。")


@bp.post("/<int:request_id>/erase")
@needs(Permission.CARRY_OUT_ERASURES)
def erase(request_id: int) -> ResponseReturnValue:
    if request.form.get("sure") != "yes":
        return _page(request_id, refusal="请先勾选确认：删除后不能恢复。")
    try:
        with unit_of_work() as uow:
            gone = services.carry_out_erasure(uow, request_id, operator_id=operator().id)
        with unit_of_work() as uow:
            freed = queries.without_owner(uow.session, gone.hashes)
    except DomainError as error:
        return _page(request_id, refusal=words_for(error))
    for sha256 in freed:
        media_store().delete(sha256)
    notices.tell(
        f"已删除 {len(gone.message_ids)} 条消息、{len(gone.attachment_ids)} 个附件和平台资料。"
    )
    return redirect(url_for(".show", request_id=request_id))


def _check(request_id: int, decide: Any, words: str) -> ResponseReturnValue:
    note = cleaned(request.form.get("note"))
    try:
        with unit_of_work() as uow:
            decide(uow, request_id, operator_id=operator().id, note=note)
    except DomainError as error:
        return _page(request_id, refusal=words_for(error))
    notices.tell(words)
    return redirect(url_for(".show", request_id=request_id))


def _page(request_id: int, *, refusal: str = "") -> ResponseReturnValue:
    with unit_of_work() as uow:
        found = queries.get(uow.session, request_id)
        page = render_template(
            "erasures/show.html",
            wish=found,
            extent=None if found.state is State.ERASED else queries.extent(uow.session, found),
            names=_names(uow, [found]),
            refusal=refusal,
        )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK


def _names(uow: UnitOfWork, found: Any) -> dict[int, str]:
    people = {each.checked_by_id for each in found} | {each.erased_by_id for each in found}
    return operators.names(uow.session, people - {None})
