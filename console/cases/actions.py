"""What staff do with a case. A step that is refused shows the page again, with what was typed."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from console import wording
from console.cases import history, pages
from console.cases.access import is_seen_by, visible_case
from console.cases.forms import StepForm
from console.cases.steps import STEPS, Step
from console.cases.views import bp
from console.context import operator, unit_of_work
from console.errors import status_of, words_for
from console.guard import needs
from console.notices import tell
from core import event_log
from core.cases import queries, services
from core.cases.errors import CaseNotFound, IllegalTransition, StaleCase
from core.errors import ConflictError, DomainError
from core.events import operator_actor
from core.unit_of_work import UnitOfWork

Do = Callable[[UnitOfWork, Any], object]


@bp.post("/<number>/acknowledge")
@needs(*STEPS["acknowledge"].permissions)
def acknowledge(number: str) -> ResponseReturnValue:
    return _take(
        STEPS["acknowledge"],
        number,
        lambda uow, form: services.acknowledge_case(
            uow, number, actor=operator_actor(operator().id)
        ),
    )


@bp.post("/<number>/accept")
@needs(*STEPS["accept"].permissions)
def accept(number: str) -> ResponseReturnValue:
    return _take(
        STEPS["accept"],
        number,
        lambda uow, form: services.accept_case(
            uow,
            number,
            case_class=form.case_class.data,
            priority=form.priority.data,
            reason=form.reason.data,
            **_who_and_when(),
        ),
    )


@bp.post("/<number>/reject")
@needs(*STEPS["reject"].permissions)
def reject(number: str) -> ResponseReturnValue:
    return _take(
        STEPS["reject"],
        number,
        lambda uow, form: services.reject_case(
            uow,
            number,
            reason=form.reason.data,
            explanation=form.explanation.data,
            **_who_and_when(),
        ),
    )


@bp.post("/<number>/dispatch")
@needs(*STEPS["dispatch"].permissions)
def dispatch(number: str) -> ResponseReturnValue:
    return _take(
        STEPS["dispatch"],
        number,
        lambda uow, form: services.dispatch_case(
            uow,
            number,
            department_id=form.department_id.data,
            requirements=form.requirements.data,
            due_on=form.due_on.data,
            is_designated=form.is_designated.data,
            **_who_and_when(),
        ),
    )


@bp.post("/<number>/sign-for")
@needs(*STEPS["sign_for"].permissions)
def sign_for(number: str) -> ResponseReturnValue:
    return _take(
        STEPS["sign_for"],
        number,
        lambda uow, form: services.sign_for_case(uow, number, **_who_and_when()),
    )


@bp.post("/<number>/return")
@needs(*STEPS["return"].permissions)
def return_to_dispatcher(number: str) -> ResponseReturnValue:
    return _take(
        STEPS["return"],
        number,
        lambda uow, form: services.return_case(
            uow, number, reason=form.reason.data, **_who_and_when()
        ),
    )


@bp.post("/<number>/draft")
@needs(*STEPS["draft"].permissions)
def draft(number: str) -> ResponseReturnValue:
    return _take(
        STEPS["draft"],
        number,
        lambda uow, form: services.draft_reply(uow, number, text=form.text.data, **_who_and_when()),
    )


@bp.post("/<number>/release")
@needs(*STEPS["release"].permissions)
def release(number: str) -> ResponseReturnValue:
    return _take(
        STEPS["release"],
        number,
        lambda uow, form: services.reply_to_case(uow, number, **_who_and_when()),
    )


@bp.post("/<number>/send-back")
@needs(*STEPS["send_back"].permissions)
def send_back(number: str) -> ResponseReturnValue:
    return _take(
        STEPS["send_back"],
        number,
        lambda uow, form: services.send_back_reply(
            uow, number, reason=form.reason.data, **_who_and_when()
        ),
    )


@bp.post("/<number>/close")
@needs(*STEPS["close"].permissions)
def close(number: str) -> ResponseReturnValue:
    return _take(
        STEPS["close"],
        number,
        lambda uow, form: services.close_case(uow, number, result=form.result, **_who_and_when()),
    )


@bp.post("/<number>/urge")
@needs(*STEPS["urge"].permissions)
def urge(number: str) -> ResponseReturnValue:
    return _take(
        STEPS["urge"],
        number,
        lambda uow, form: services.urge_case(uow, number, text=form.text.data, **_who_and_when()),
    )


def _who_and_when() -> dict[str, Any]:
    """Return who takes the step, and at which version of the case they were looking."""
    return {"operator_id": operator().id, "seen_version": _seen_version()}


def _seen_version() -> int:
    return request.form.get("seen_version", -1, type=int)


def _take(step: Step, number: str, do: Do) -> ResponseReturnValue:
    """Take the step or, when it is refused, show why beside the form that asked for it."""
    form = pages.FORMS[step.name](request.form)
    try:
        with unit_of_work() as uow:
            visible_case(uow, number, operator())
    except CaseNotFound:
        if not _has_just_been_taken(step, number):
            raise
        return _go_on(step, number)
    if "look_again" in request.form:
        return _show(step, number, form, HTTPStatus.OK)
    if not form.validate():
        return _show(step, number, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        with unit_of_work() as uow:
            do(uow, form)
    except DomainError as error:
        if isinstance(error, ConflictError) and _has_just_been_taken(step, number):
            return _go_on(step, number)
        form.refusal = _refusal(error, number)
        return _show(step, number, form, status_of(error))
    return _go_on(step, number)


def _go_on(step: Step, number: str) -> ResponseReturnValue:
    tell(wording.phrase(f"done_{step.name}"))
    with unit_of_work() as uow:
        case = queries.get(uow.session, number)
        target = (
            url_for(".page", number=number) if is_seen_by(case, operator()) else url_for(".index")
        )
    return redirect(target, HTTPStatus.SEE_OTHER)


def _show(step: Step, number: str, form: StepForm, status: HTTPStatus) -> ResponseReturnValue:
    with unit_of_work() as uow:
        case = visible_case(uow, number, operator())
        page_facts = pages.facts(uow, case, operator(), tried=step.name, form=form)
        return render_template("cases/page.html", **page_facts), status


def _has_just_been_taken(step: Step, number: str) -> bool:
    """Tell whether the only change since the page was opened is this very step of this person.

    Then the button was pressed twice, and the second time there is nothing left to do.
    """
    with unit_of_work() as uow:
        case = queries.get(uow.session, number)
        events = [
            event
            for event in event_log.history(uow.session, f"case:{number}")
            if event.type != "ContactRead"
        ]
    last = events[-1]
    return (
        case.version == _seen_version() + 1
        and last.type == step.event
        and last.actor == operator_actor(operator().id)
    )


def _refusal(error: DomainError, number: str) -> str:
    """Say what stands against the step; when somebody was faster, who did what."""
    if not isinstance(error, StaleCase | IllegalTransition):
        return words_for(error)
    with unit_of_work() as uow:
        changes = [told for told in history.tell(uow, number) if told.event != "ContactRead"]
    return wording.phrase("stale").format(who=changes[0].who, sentence=changes[0].sentence)
