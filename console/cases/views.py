"""The list of cases, the page of one, and the fragments that keep both fresh."""

from typing import Any

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from console.cases import pages
from console.cases.access import VIEWING, unit_of, visible_case
from console.cases.lists import Wish, listing
from console.cases.reply_checks import check_reply
from console.context import operator, unit_of_work
from console.entered import cleaned
from console.guard import needs
from core.cases import services
from core.cases.states import CaseSource, CaseState
from core.departments import queries as departments
from core.operators.permissions import Permission
from core.unit_of_work import UnitOfWork

bp = Blueprint("cases", __name__, url_prefix="/cases", template_folder="templates")


@bp.get("/")
@needs(*VIEWING)
def index() -> ResponseReturnValue:
    with unit_of_work() as uow:
        branches = departments.tree(uow.session) if unit_of(operator()) is None else []
        return render_template("cases/index.html", branches=branches, **_list_facts(uow))


@bp.get("/list")
@needs(*VIEWING)
def rows() -> ResponseReturnValue:
    with unit_of_work() as uow:
        return render_template("cases/_list.html", **_list_facts(uow))


def _list_facts(uow: UnitOfWork) -> dict[str, Any]:
    wish = Wish.read(request.args)
    return {
        "wish": wish,
        "listing": listing(uow, wish, operator()),
        "states": list(CaseState),
        "sources": list(CaseSource),
        "today": uow.today,
    }


@bp.get("/<number>")
@needs(*VIEWING)
def page(number: str) -> ResponseReturnValue:
    with unit_of_work() as uow:
        case = visible_case(uow, number, operator())
        return render_template("cases/page.html", **pages.facts(uow, case, operator()))


@bp.get("/<number>/news")
@needs(*VIEWING)
def news(number: str) -> ResponseReturnValue:
    """Return what may have changed since the page was opened, each part in its place."""
    with unit_of_work() as uow:
        case = visible_case(uow, number, operator())
        return render_template("cases/_news.html", **pages.live_facts(uow, case))


@bp.get("/<number>/steps")
@needs(*VIEWING)
def steps(number: str) -> ResponseReturnValue:
    with unit_of_work() as uow:
        case = visible_case(uow, number, operator())
        answer = make_response(
            render_template("cases/_steps.html", **pages.facts(uow, case, operator()))
        )
        answer.headers["X-Case-Version"] = str(case.version)
        return answer


@bp.post("/<number>/contact")
@needs(Permission.READ_CONTACT)
def contact(number: str) -> ResponseReturnValue:
    """Open the sealed contact; reading it is itself put on record."""
    with unit_of_work() as uow:
        visible_case(uow, number, operator())
        read = services.read_contact(uow, number, operator_id=operator().id)
    with unit_of_work() as uow:
        case = visible_case(uow, number, operator())
        if "HX-Request" in request.headers:
            return render_template("cases/_contact.html", case=case, contact=read)
        return render_template(
            "cases/page.html", **pages.facts(uow, case, operator(), contact=read)
        )


@bp.post("/check-reply")
@needs(Permission.DRAFT_REPLY)
def check() -> ResponseReturnValue:
    text = cleaned(request.form.get("text"))
    return render_template("cases/_reply_check.html", check=check_reply(text))
