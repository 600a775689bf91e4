"""One person on several channels: the citizen says so with a code, and may take it back."""

import re
import unicodedata
from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from console.addresses import row_number
from console.citizen import limits, visitors, words
from console.citizen.mine import account_name
from console.citizen.views import bp
from console.context import unit_of_work
from console.guard import open_to_all
from core.cases import queries as cases
from core.citizens import queries, services
from core.citizens.services.linking import CODE_HOLDS
from core.errors import DomainError
from core.unit_of_work import UnitOfWork


@bp.get("/mine/identities")
@open_to_all
def identities() -> ResponseReturnValue:
    return _page()


@bp.post("/mine/identities/code")
@open_to_all
def give_code() -> ResponseReturnValue:
    """Show a code to be typed on the other channel's page; an earlier one ends."""
    with unit_of_work() as uow:
        identity = visitors.find(uow)
        if identity is None:
            return redirect(url_for(".mine"), HTTPStatus.SEE_OTHER)
        if not _may_try(identity.id):
            return _page(refusal="too_often_linked", status=HTTPStatus.TOO_MANY_REQUESTS)
        code = services.give_linking_code(uow, identity.id)
    return _page(code=code)


@bp.post("/mine/identities/check")
@open_to_all
def check_code() -> ResponseReturnValue:
    """Show what would be shared before anything is."""
    code = _digits(request.form.get("code", ""))
    try:
        with unit_of_work() as uow:
            identity = visitors.find(uow)
            if identity is None:
                return redirect(url_for(".mine"), HTTPStatus.SEE_OTHER)
            if not _may_try(identity.id):
                return _page(refusal="too_often_linked", status=HTTPStatus.TOO_MANY_REQUESTS)
            linking = services.find_linking(uow, code, identity_id=identity.id)
            return render_template(
                "citizen/link_identities.html",
                code=code,
                theirs=[account_name(each) for each in linking.theirs],
                own=[account_name(each) for each in linking.own],
                theirs_count=_counts(uow, linking.theirs[0].citizen_id),
                own_count=_counts(uow, linking.own[0].citizen_id),
            )
    except DomainError as error:
        return _page(refusal=error.code, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@bp.post("/mine/identities/link")
@open_to_all
def link_identities() -> ResponseReturnValue:
    code = _digits(request.form.get("code", ""))
    if request.form.get("agreed") != "yes":
        return _page(refusal="not_agreed", status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        with unit_of_work() as uow:
            identity = visitors.find(uow)
            if identity is None:
                return redirect(url_for(".mine"), HTTPStatus.SEE_OTHER)
            if not _may_try(identity.id):
                return _page(refusal="too_often_linked", status=HTTPStatus.TOO_MANY_REQUESTS)
            services.link_citizens(uow, code, identity_id=identity.id)
    except DomainError as error:
        return _page(refusal=error.code, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    flash(words.refusal("linked"), "citizen")
    return redirect(url_for(".identities"), HTTPStatus.SEE_OTHER)


@bp.post("/mine/identities/unlink")
@open_to_all
def unlink_identity() -> ResponseReturnValue:
    identity_id = request.form.get("identity_id", 0, type=row_number)
    try:
        with unit_of_work() as uow:
            identity = visitors.find(uow)
            if identity is None:
                return redirect(url_for(".mine"), HTTPStatus.SEE_OTHER)
            services.unlink_citizen(uow, identity_id, by_citizen_id=identity.citizen_id)
    except DomainError as error:
        return _page(refusal=error.code, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    flash(words.refusal("unlinked"), "citizen")
    return redirect(url_for(".identities"), HTTPStatus.SEE_OTHER)


def _page(
    *, code: str = "", refusal: str = "", status: HTTPStatus = HTTPStatus.OK
) -> ResponseReturnValue:
    with unit_of_work() as uow:
        identity = visitors.find(uow)
        if identity is None:
            return redirect(url_for(".mine"), HTTPStatus.SEE_OTHER)
        known = queries.identities_of(uow.session, identity.citizen_id)
        page = render_template(
            "citizen/identities.html",
            identity=identity,
            known=[(each, account_name(each)) for each in known],
            code=code,
            minutes=int(CODE_HOLDS.total_seconds() // 60),
            refusal=words.refusal(refusal) if refusal else "",
        )
    return page, status


def _counts(uow: UnitOfWork, citizen_id: int) -> tuple[int, int]:
    """Return how many cases and messages would be seen together."""
    of_citizen = cases.of_citizen(uow.session, citizen_id, limit=1_000)
    return len(of_citizen), queries.count_messages(uow.session, citizen_id)


def _may_try(identity_id: int) -> bool:
    return limits.allows("codes-of-address", request.remote_addr or "unknown") and limits.allows(
        "codes-of-citizen", identity_id
    )


def _digits(text: str) -> str:
    return re.sub(r"\D", "", unicodedata.normalize("NFKC", text))[:12]
