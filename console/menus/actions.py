"""What people do with a menu. What is refused is told beside what was typed."""

from collections.abc import Callable

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from console.context import operator, unit_of_work
from console.entered import cleaned
from console.errors import status_of, words_for
from console.guard import needs
from console.menus import pages, typed
from console.menus.pages import Typed
from console.menus.places import EVERYBODY, get_account, get_place
from console.menus.views import VIEWING, bp, to_page
from console.notices import tell
from core.errors import DomainError
from core.events import operator_actor
from core.menus import queries, services
from core.menus.buttons import Buttons
from core.menus.errors import MenuInvalid, MenuNotFound, StaleMenu
from core.operators.permissions import Permission
from core.unit_of_work import UnitOfWork

KEPT = frozenset({"save", "submit", "overwrite"})


@bp.post("/<channel>/<account>/<group>/begin")
@needs(Permission.EDIT_MENU)
def begin(channel: str, account: str, group: str) -> ResponseReturnValue:
    """Begin a draft, from the version named in the form if there is one."""
    found = get_account(channel, account)
    source_id = request.form.get("based_on", 0, type=int)
    with unit_of_work() as uow:
        place = get_place(uow, found, group)
        source = queries.get(uow.session, source_id) if source_id else None
        if source and (source.channel, source.account) != (place.channel, place.account):
            raise MenuNotFound(menu_id=source_id)
        services.open_draft(uow, place, operator_id=operator().id, based_on=source)
    tell("已新建草稿，修改后请提交给另一位同事发布。")
    return redirect(url_for(".page", channel=channel, account=account, group=group), 303)


@bp.post("/drafts/<int:menu_id>/edit")
@needs(Permission.EDIT_MENU)
def edit(menu_id: int) -> ResponseReturnValue:
    """Rearrange what was typed, check it, keep it, or hand it in."""
    step = request.form.get("do", "refresh")
    buttons = typed.rearranged(typed.read(request.form, request.form.getlist("places")), step)
    seen = request.form.get("seen_revision", -1, type=int)
    if step not in KEPT:
        with unit_of_work() as uow:
            menu = queries.get(uow.session, menu_id)
            return _show(uow, menu_id, Typed(buttons, seen, is_stale=menu.revision != seen))
    try:
        with unit_of_work() as uow:
            if step == "overwrite":
                seen = queries.get_for_change(uow.session, menu_id).revision
            menu = services.save_draft(
                uow, menu_id, buttons, seen_revision=seen, operator_id=operator().id
            )
            seen = menu.revision
        if step == "submit":
            with unit_of_work() as uow:
                services.submit_menu(uow, menu_id, seen_revision=seen, operator_id=operator().id)
    except DomainError as error:
        return _refused(menu_id, buttons, seen, error)
    tell("已提交，等待另一位同事核对发布。" if step == "submit" else "草稿已保存。")
    return to_page(menu_id)


@bp.post("/drafts/<int:menu_id>/discard")
@needs(Permission.EDIT_MENU)
def discard(menu_id: int) -> ResponseReturnValue:
    seen = request.form.get("seen_revision", -1, type=int)
    return _do(
        menu_id,
        lambda uow: services.discard_draft(
            uow, menu_id, seen_revision=seen, operator_id=operator().id
        ),
        "草稿已放弃。",
    )


@bp.post("/drafts/<int:menu_id>/send-back")
@needs(*VIEWING)
def send_back(menu_id: int) -> ResponseReturnValue:
    reason = cleaned(request.form.get("reason"))[:500]
    return _do(
        menu_id,
        lambda uow: services.send_back(uow, menu_id, reason=reason, operator_id=operator().id),
        "已退回为草稿，可以继续修改。",
    )


@bp.post("/drafts/<int:menu_id>/release")
@needs(Permission.PUBLISH_MENU)
def release(menu_id: int) -> ResponseReturnValue:
    seen = request.form.get("seen_revision", -1, type=int)

    def do(uow: UnitOfWork) -> None:
        menu = queries.get(uow.session, menu_id)
        rights = get_account(menu.channel.value, menu.account).rights
        services.release_menu(
            uow, menu_id, rights=rights, seen_revision=seen, operator_id=operator().id
        )

    return _do(menu_id, do, "正在发布到平台，结果会显示在这里。")


@bp.post("/versions/<int:menu_id>/withdraw")
@needs(Permission.PUBLISH_MENU)
def withdraw(menu_id: int) -> ResponseReturnValue:
    return _do(
        menu_id,
        lambda uow: services.withdraw_menu(uow, menu_id, operator_id=operator().id),
        "正在从平台撤下菜单。",
    )


@bp.post("/versions/<int:menu_id>/put-again")
@needs(Permission.PUBLISH_MENU)
def put_again(menu_id: int) -> ResponseReturnValue:
    return _do(
        menu_id,
        lambda uow: services.put_again(uow, menu_id, actor=operator_actor(operator().id)),
        "正在按本系统的版本重新发布。",
    )


@bp.post("/<channel>/<account>/look")
@needs(*VIEWING)
def look(channel: str, account: str) -> ResponseReturnValue:
    found = get_account(channel, account)
    with unit_of_work() as uow:
        services.ask_for_look(uow, found.channel, found.key)
    tell("正在核对线上菜单，结果会显示在这里。")
    group = request.form.get("group", EVERYBODY)
    return redirect(url_for(".page", channel=channel, account=account, group=group), 303)


def _do(menu_id: int, do: Callable[[UnitOfWork], object], done: str) -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            do(uow)
    except DomainError as error:
        tell(words_for(error), level="error")
    else:
        tell(done)
    return to_page(menu_id)


def _show(uow: UnitOfWork, menu_id: int, shown: Typed) -> ResponseReturnValue:
    menu = queries.get(uow.session, menu_id)
    if "HX-Request" in request.headers:
        return render_template("menus/_editor.html", **pages.editor_facts(uow, menu, shown))
    account = get_account(menu.channel.value, menu.account)
    group = menu.group.code if menu.group else EVERYBODY
    place = get_place(uow, account, group)
    return render_template("menus/page.html", **pages.page_facts(uow, account, place, group, shown))


def _refused(menu_id: int, buttons: Buttons, seen: int, error: DomainError) -> ResponseReturnValue:
    """Show the page with what was typed still in it."""
    is_stale = isinstance(error, StaleMenu)
    refusal = words_for(error)
    with unit_of_work() as uow:
        shown = Typed(
            buttons, seen, refusal, is_stale=is_stale, is_checked=isinstance(error, MenuInvalid)
        )
        return _show(uow, menu_id, shown), status_of(error)  # type: ignore[return-value]
