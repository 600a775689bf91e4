"""Citizens' pages: they work without JavaScript, and show a case only to who knows its code."""

import secrets
import unicodedata
from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from console.cases.clocks import answer_clock
from console.citizen import elder_mode, limits, photos, sessions, visitors, words
from console.context import settings, unit_of_work
from console.entered import cleaned
from console.guard import open_to_all
from console.stages import stages
from core.cases import queries, services
from core.cases.deadlines import policy_on
from core.cases.errors import AlreadyRated, CaseNotFound
from core.cases.services.submitting import MAX_PHOTOS_AT_ONCE
from core.cases.states import (
    CLOCK_RUNS,
    MAY_BE_URGED,
    STAGE_REACHED,
    CaseState,
    Rating,
    Stage,
)
from core.clock import office_date
from core.departments import queries as departments
from core.errors import ConflictError, DomainError
from core.events import CITIZEN, citizen_actor
from core.unit_of_work import UnitOfWork

MAX_COMMENT = 500

bp = Blueprint("citizen", __name__, url_prefix="/c", template_folder="templates")
bp.record_once(limits.prepare)
elder_mode.register(bp)
visitors.register(bp)


@bp.get("/")
@open_to_all
def home() -> ResponseReturnValue:
    with unit_of_work() as uow:
        branches = departments.tree(uow.session)
        return render_template(
            "citizen/home.html",
            accounts=[account.name for account in settings().wechat.values()],
            office=branches[0].department if branches else None,
            hours=uow.office.hours,
            policy=policy_on(uow.today),
        )


@bp.get("/case")
@open_to_all
def enter() -> ResponseReturnValue:
    number = _number(request.args.get("number"))
    refusal = words.refusal("look_up_again") if "again" in request.args else ""
    return render_template("citizen/look_up.html", number=number, refusal=refusal)


@bp.post("/case")
@open_to_all
def look_up() -> ResponseReturnValue:
    """Open the case for who knows both numbers; which of them is wrong is not told."""
    number, code = _number(request.form.get("number")), _digits(request.form.get("code"))
    if not number or not code:
        return _refuse(number, "nothing_entered", HTTPStatus.UNPROCESSABLE_ENTITY)
    if not limits.allows_look_up(request.remote_addr or "unknown", number):
        return _refuse(number, "too_often", HTTPStatus.TOO_MANY_REQUESTS)
    try:
        with unit_of_work() as uow:
            found = queries.get_by_query_code(uow.session, number, code).number
    except CaseNotFound as error:
        return _refuse(number, error.code, HTTPStatus.UNPROCESSABLE_ENTITY)
    sessions.remember(found)
    return redirect(url_for(".case", number=found), HTTPStatus.SEE_OTHER)


@bp.get("/case/<number>")
@open_to_all
def case(number: str) -> ResponseReturnValue:
    if not _may_see(number):
        return redirect(url_for(".enter", number=number, again=1))
    return show_case(number)


@bp.post("/case/<number>/rating")
@open_to_all
def rate(number: str) -> ResponseReturnValue:
    if not _may_see(number):
        return redirect(url_for(".enter", number=number, again=1), HTTPStatus.SEE_OTHER)
    wanted, comment = request.form.get("rating", ""), cleaned(request.form.get("comment"))
    if wanted not in set(Rating):
        return show_case(number, refusal="no_rating", comment=comment)
    try:
        with unit_of_work() as uow:
            citizen_id = queries.get(uow.session, number).citizen_id
            services.rate_case(
                uow,
                number,
                rating=Rating(wanted),
                comment=comment[:MAX_COMMENT],
                actor=CITIZEN if citizen_id is None else citizen_actor(citizen_id),
            )
    except ConflictError as error:
        return show_case(number, refusal=_why_not_rated(number, error), comment=comment)
    flash(words.refusal("rated"), "citizen")
    return redirect(url_for(".case", number=number), HTTPStatus.SEE_OTHER)


@bp.post("/leave")
@open_to_all
def leave() -> ResponseReturnValue:
    """Forget what was opened: phones and counters are shared."""
    sessions.forget()
    return redirect(url_for(".home"), HTTPStatus.SEE_OTHER)


@bp.get("/<path:anything>")
@open_to_all
def nothing(anything: str) -> ResponseReturnValue:
    abort(HTTPStatus.NOT_FOUND)


@bp.errorhandler(DomainError)
def refuse_rule(error: DomainError) -> ResponseReturnValue:
    return _error(error.code, HTTPStatus.UNPROCESSABLE_ENTITY)


@bp.errorhandler(CSRFError)
def refuse_form(error: CSRFError) -> ResponseReturnValue:
    return _error("csrf", HTTPStatus.BAD_REQUEST)


@bp.errorhandler(HTTPException)
def refuse_request(error: HTTPException) -> ResponseReturnValue:
    code = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if code < HTTPStatus.BAD_REQUEST:
        return error
    return _error(f"http_{int(code)}", HTTPStatus(code))


def show_case(
    number: str,
    *,
    refusal: str = "",
    at: str = "rating",
    comment: str = "",
    addition: str = "",
    brought: photos.Photos = photos.NONE,
) -> ResponseReturnValue:
    """Show the case to its citizen: what was asked, where it stands, what was answered.

    `at` is the form that was refused. Who is known, and does not only know the code, may
    urge and add.
    """
    with unit_of_work() as uow:
        found = queries.get(uow.session, number)
        is_owner = _owns(uow, number)
        first_photos, added_photos = photos.shown(uow, found)
        urged_today = found.citizen_urged_at and office_date(found.citizen_urged_at) == uow.today
        page = render_template(
            "citizen/case.html",
            case=found,
            state=words.state(found.state),
            kind=words.words()["kinds"][found.kind.value],
            stages=[(line, words.words()["stages"][line.stage.value]) for line in stages(found)],
            clock=answer_clock(found, uow.today, uow.office.calendar),
            unit=_unit(found),
            reply=found.released_reply,
            ratings=words.ratings(),
            rating=words.words()["ratings"].get(found.rating.value) if found.rating else "",
            may_rate=found.state is CaseState.REPLIED and found.rating is None,
            is_running=found.state in CLOCK_RUNS,
            is_owner=is_owner,
            may_urge=is_owner and found.state in MAY_BE_URGED and not urged_today,
            urged_today=is_owner and urged_today,
            may_add=is_owner and found.state in CLOCK_RUNS,
            refusal=words.refusal(refusal) if refusal else "",
            refused_at=at,
            comment=comment,
            addition=addition,
            photos=brought,
            most_photos=MAX_PHOTOS_AT_ONCE,
            first_photos=first_photos,
            added_photos=added_photos,
            key=secrets.token_hex(16),
        )
    return page, _status(bool(refusal or brought.refusals))


def _status(is_refused: bool) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK


def _why_not_rated(number: str, error: ConflictError) -> str:
    """A good rating closes the case: the second click finds it closed, not rated."""
    with unit_of_work() as uow:
        is_rated = queries.get(uow.session, number).rating is not None
    return AlreadyRated.code if is_rated else error.code


def _may_see(number: str) -> bool:
    """Admit who has opened the case with its code, and whose case it is."""
    if sessions.may_see(number):
        return True
    with unit_of_work() as uow:
        return _owns(uow, number)


def _owns(uow: UnitOfWork, number: str) -> bool:
    identity = visitors.find(uow)
    if identity is None:
        return False
    try:
        queries.get_of_citizen(uow.session, number, identity.citizen_id)
    except CaseNotFound:
        return False
    return True


def _unit(found: Any) -> Any:
    """Name the unit once it has taken the case on: before that it may still change."""
    order = list(Stage)
    is_taken = order.index(STAGE_REACHED[found.state]) >= order.index(Stage.ASSIGNED)
    return found.department if is_taken else None


def _refuse(number: str, code: str, status: HTTPStatus) -> ResponseReturnValue:
    page = render_template("citizen/look_up.html", number=number, refusal=words.refusal(code))
    return page, status


def _error(code: str, status: HTTPStatus) -> ResponseReturnValue:
    return render_template("citizen/error.html", text=words.refusal(code)), status


def _number(text: str | None) -> str:
    """Read a number as it is typed on a phone: small letters, wide digits, spaces between."""
    return "".join(unicodedata.normalize("NFKC", cleaned(text)).split()).upper()[:20]


def _digits(text: str | None) -> str:
    return _number(text)[:12]
