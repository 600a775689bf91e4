"""The pages of menus, and the fragment that keeps one fresh."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from console.context import unit_of_work
from console.guard import needs
from console.menus import pages, telling
from console.menus.places import EVERYBODY, accounts, get_account, get_place
from core.menus import queries
from core.operators.permissions import Permission

VIEWING = (Permission.EDIT_MENU, Permission.PUBLISH_MENU)

bp = Blueprint("menus", __name__, url_prefix="/menus", template_folder="templates")


@bp.get("/")
@needs(*VIEWING)
def index() -> ResponseReturnValue:
    known = accounts()
    if not known:
        return render_template("menus/none.html")
    first = known[0]
    with unit_of_work() as uow:
        place = get_place(uow, first, EVERYBODY)
        return render_template("menus/page.html", **pages.page_facts(uow, first, place, EVERYBODY))


@bp.get("/<channel>/<account>/<group>")
@needs(*VIEWING)
def page(channel: str, account: str, group: str) -> ResponseReturnValue:
    found = get_account(channel, account)
    with unit_of_work() as uow:
        place = get_place(uow, found, group)
        return render_template("menus/page.html", **pages.page_facts(uow, found, place, group))


@bp.get("/<channel>/<account>/<group>/status")
@needs(*VIEWING)
def status(channel: str, account: str, group: str) -> ResponseReturnValue:
    found = get_account(channel, account)
    with unit_of_work() as uow:
        place = get_place(uow, found, group)
        return render_template("menus/_status.html", **pages.status_facts(uow, found, place, group))


@bp.get("/versions/<int:menu_id>")
@needs(*VIEWING)
def version(menu_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        menu = queries.get(uow.session, menu_id)
        account = get_account(menu.channel.value, menu.account)
        versions = queries.versions(uow.session, menu.channel, menu.account, menu.group_id)
        older = next((it for it in versions if it.number < menu.number), None)
        before, after = (older.buttons if older else ()), menu.buttons
        known = telling.titles(uow, before, after)
        return render_template(
            "menus/version.html",
            version=menu,
            account=account,
            older=older,
            group_code=menu.group.code if menu.group else EVERYBODY,
            shown=after,
            rows=pages.rows(uow, after),
            difference=telling.differences(before, after, known),
            names=pages.names(uow, [menu]),
            has_draft=queries.find_open(uow.session, menu.channel, menu.account, menu.group_id)
            is not None,
        )


def to_page(menu_id: int) -> ResponseReturnValue:
    """Go to the page on which the menu stands."""
    with unit_of_work() as uow:
        menu = queries.get(uow.session, menu_id)
        group = menu.group.code if menu.group else EVERYBODY
    if not any((it.channel, it.key) == (menu.channel, menu.account) for it in accounts()):
        abort(404)
    return redirect(
        url_for(".page", channel=menu.channel.value, account=menu.account, group=group), 303
    )
