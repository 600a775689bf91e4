"""Changes on their way: who waits for whom, what differs, and what a second person decides."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from console import notices
from console.context import CurrentOperator, operator, unit_of_work
from console.entered import cleaned, row_id
from console.errors import status_of, words_for
from console.guard import needs
from console.knowledge import differences, lists, suggestions
from console.knowledge.editing import bubbles_of
from console.knowledge.views import bp
from core.errors import DomainError
from core.events import operator_actor
from core.knowledge import queries, services
from core.knowledge.states import ChangeKind, ChangeState
from core.operators import queries as operators
from core.operators.permissions import Permission
from core.releases.services import request_release, request_wanted_release
from core.unit_of_work import UnitOfWork

SETTLED_SHOWN = 50
TABS = ("review", "own", "model", "all", "settled")


def count_reviewable(uow: UnitOfWork, who: CurrentOperator) -> int:
    if not who.can(Permission.REVIEW_KNOWLEDGE):
        return 0
    return queries.count_reviewable(uow.session, reviewer_id=who.id)


@bp.get("/changes")
@needs(Permission.EDIT_KNOWLEDGE, Permission.REVIEW_KNOWLEDGE)
def changes() -> ResponseReturnValue:
    me = operator()
    default = "review" if me.can(Permission.REVIEW_KNOWLEDGE) else "own"
    tab = request.args.get("tab", default)
    with unit_of_work() as uow:
        open_ones = queries.open_changes(uow.session)
        groups: dict[str, list[Any]] = {
            "review": [each for each in open_ones if each.state is ChangeState.IN_REVIEW],
            "own": [each for each in open_ones if each.author_id == me.id],
            "model": [each for each in open_ones if each.state is ChangeState.APPROVED],
            "all": list(open_ones),
            "settled": list(queries.settled_changes(uow.session, limit=SETTLED_SHOWN)),
        }
        tab = tab if tab in groups else default
        people = {
            person
            for each in groups[tab]
            for person in (each.author_id, each.reviewer_id)
            if person is not None
        }
        return render_template(
            "knowledge/changes.html",
            tab=tab,
            tabs=TABS,
            groups=groups,
            shown=groups[tab],
            names=operators.names(uow.session, people),
        )


@bp.get("/changes/<int:change_id>")
@needs(Permission.EDIT_KNOWLEDGE, Permission.REVIEW_KNOWLEDGE)
def change(change_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        return _page(uow, change_id)


@bp.post("/changes/<int:change_id>/approve")
@needs(Permission.REVIEW_KNOWLEDGE)
def approve(change_id: int) -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            done = _approve(uow, change_id, note=cleaned(request.form.get("note"))[:500])
    except DomainError as error:
        return _refused(change_id, error)
    notices.tell(
        "已通过，市民现在就能看到新的内容。"
        if done.state is ChangeState.LIVE
        else "已通过。问法有变化，模型检验通过后自动生效。"
    )
    return redirect(url_for("knowledge.change", change_id=change_id))


@bp.post("/changes/<int:change_id>/return")
@needs(Permission.REVIEW_KNOWLEDGE)
def give_back(change_id: int) -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            services.return_change(
                uow,
                change_id,
                reviewer_id=operator().id,
                note=cleaned(request.form.get("note"))[:500],
            )
    except DomainError as error:
        return _refused(change_id, error)
    notices.tell("已退回，起草人会看到您的意见。")
    return redirect(url_for("knowledge.changes", tab="review"))


@bp.post("/changes/<int:change_id>/submit")
@needs(Permission.EDIT_KNOWLEDGE)
def submit(change_id: int) -> ResponseReturnValue:
    return _own_step(change_id, services.submit_change, "已提交，等待另一位同事审核。")


@bp.post("/changes/<int:change_id>/take-back")
@needs(Permission.EDIT_KNOWLEDGE)
def take_back(change_id: int) -> ResponseReturnValue:
    return _own_step(change_id, services.take_back_change, "已撤回，可以继续修改。")


@bp.post("/changes/<int:change_id>/abandon")
@needs(Permission.EDIT_KNOWLEDGE)
def abandon(change_id: int) -> ResponseReturnValue:
    return _own_step(change_id, services.abandon_change, "已放弃这份修改。")


@bp.post("/changes/approve")
@needs(Permission.REVIEW_KNOWLEDGE)
def approve_chosen() -> ResponseReturnValue:
    """Approve each of the chosen changes by itself; one that cannot be holds up no other."""
    approved, refused = 0, []
    for change_id in dict.fromkeys(request.form.getlist("change", type=row_id)):
        try:
            with unit_of_work() as uow:
                _approve(uow, change_id)
            approved += 1
        except DomainError as error:
            refused.append(f"第 {change_id} 号：{words_for(error)}")
    if approved:
        notices.tell(f"已通过 {approved} 份修改。")
    if refused:
        notices.tell("未能通过：" + "；".join(refused), level="error")
    if not approved and not refused:
        notices.tell("请先勾选要通过的修改。", level="warning")
    return redirect(url_for("knowledge.changes", tab="review"))


@bp.post("/<slug>/withdraw")
@needs(Permission.EDIT_KNOWLEDGE)
def withdraw(slug: str) -> ResponseReturnValue:
    """Propose to a second person that the entry is served no more."""
    reason = cleaned(request.form.get("reason"))[:500]
    if not reason:
        notices.tell("请写明下线的理由。", level="error")
        return redirect(url_for("knowledge.entry", slug=slug))
    me = operator().id
    with unit_of_work() as uow:
        made = services.draft_withdrawal(uow, slug, author_id=me, reason=reason)
        services.submit_change(uow, made.id, author_id=me)
    notices.tell("已提交下线申请，等待另一位同事审核。")
    return redirect(url_for("knowledge.change", change_id=made.id))


def _approve(uow: UnitOfWork, change_id: int, *, note: str = "") -> Any:
    """Approve the change, and queue a training for what a model must learn or forget."""
    me = operator().id
    done = services.approve_change(uow, change_id, reviewer_id=me, note=note)
    if done.kind is ChangeKind.WITHDRAWAL:
        request_release(uow, requested_by=operator_actor(me), note=f"下线：{done.content.question}")
    else:
        request_wanted_release(uow)
    return done


def _own_step(change_id: int, step: Any, done: str) -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            step(uow, change_id, author_id=operator().id)
    except DomainError as error:
        return _refused(change_id, error)
    notices.tell(done)
    return redirect(url_for("knowledge.change", change_id=change_id))


def _refused(change_id: int, error: DomainError) -> ResponseReturnValue:
    with unit_of_work() as uow:
        note = cleaned(request.form.get("note"))
        return _page(uow, change_id, refused=words_for(error), note=note), status_of(error)


def _page(uow: UnitOfWork, change_id: int, *, refused: str = "", note: str = "") -> str:
    found = queries.get_change(uow.session, change_id)
    entry = queries.find(uow.session, found.slug)
    content = found.content
    live = entry.content if entry is not None and not found.is_new else None
    known = {live.question, *live.variants} if live else set()
    added = [text for text in (content.question, *content.variants) if text not in known]
    people = {person for person in (found.author_id, found.reviewer_id) if person is not None}
    is_withdrawal = found.kind is ChangeKind.WITHDRAWAL
    is_open = found.state in {
        ChangeState.DRAFT, ChangeState.IN_REVIEW, ChangeState.APPROVED, ChangeState.REFUSED,
    }  # fmt: skip
    return render_template(
        "knowledge/change.html",
        change=found,
        content=content,
        entry=entry,
        refused=refused,
        note=note,
        is_own=found.author_id == operator().id,
        is_outdated=is_open and found.base_version != (0 if entry is None else entry.version),
        names=operators.names(uow.session, people),
        differences=[]
        if is_withdrawal
        else differences.between(_before(uow, found), content, lists.unit_names(uow)),
        clashes=[] if is_withdrawal else suggestions.clashes(uow, added, slug=found.slug),
        previews=bubbles_of(content) if content.answer and not is_withdrawal else [],
    )


def _before(uow: UnitOfWork, change: Any) -> Any:
    """Return what the change is compared with: the version it replaced, else the live one."""
    if change.is_new:
        return None
    versions = {each.version: each for each in queries.history(uow.session, change.slug)}
    base = versions.get(change.base_version)
    entry = queries.find(uow.session, change.slug)
    if change.state in {ChangeState.LIVE, ChangeState.ABANDONED} or entry is None:
        return base.content if base else None
    return entry.content
