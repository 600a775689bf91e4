"""The page of one case: everything it shows, gathered from the core."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from console import media, wording
from console.cases import clocks, history, replies, steps
from console.cases.forms import (
    AcceptForm,
    CloseForm,
    DispatchForm,
    DraftForm,
    ReasonForm,
    RejectForm,
    StepForm,
    UrgeForm,
)
from console.cases.reply_checks import check_reply
from console.cases.steps import STEPS, Offer, Step
from console.context import CurrentOperator
from console.stages import stages
from core.cases import deadlines, queries
from core.cases.states import CLOCK_RUNS, CaseClass
from core.departments import queries as departments
from core.operators import queries as operators
from core.unit_of_work import UnitOfWork

FORMS: dict[str, type[StepForm]] = {
    "acknowledge": StepForm,
    "accept": AcceptForm,
    "reject": RejectForm,
    "dispatch": DispatchForm,
    "sign_for": StepForm,
    "return": ReasonForm,
    "draft": DraftForm,
    "release": StepForm,
    "send_back": ReasonForm,
    "close": CloseForm,
    "urge": UrgeForm,
}


@dataclass(frozen=True)
class Panel:
    """A step with its form; `is_unfolded` when it is the first or was just tried."""

    offer: Offer
    form: StepForm
    is_unfolded: bool

    @property
    def step(self) -> Step:
        return self.offer.step


@dataclass(frozen=True)
class Lost:
    """What was typed for a step that is not open any more."""

    title: str
    refusal: str
    typed: str


def facts(
    uow: UnitOfWork,
    case: Any,
    who: CurrentOperator,
    *,
    tried: str = "",
    form: StepForm | None = None,
    contact: Any = None,
) -> dict[str, Any]:
    """Return all the page shows. `tried` and `form` are a step that did not go through."""
    open_offers = steps.offers(case, who)
    panels = [
        Panel(
            offer,
            form if form is not None and offer.step.name == tried else _form(uow, case, offer.step),
            is_unfolded=offer.step.name == tried if tried else position == 0,
        )
        for position, offer in enumerate(open_offers)
    ]
    photos = queries.photos(uow.session, case.id)
    return live_facts(uow, case) | {
        "explanation": clocks.explain(case, uow.today, uow.office.calendar),
        "panels": panels,
        "lost": _lost(tried, form, [panel.step.name for panel in panels]),
        "contact": contact,
        "promises": _promises(uow, case),
        "attachments": [
            media.ShownAttachment(each) for each in queries.attachments(uow.session, case.id)
        ],
        "photos": [photo.upload for photo in photos],
        "photo_counts": Counter(photo.addition_id for photo in photos),
        "branches": departments.tree(uow.session),
        "today": uow.today,
        "rejections": wording.rejections(),
        "check_reply": check_reply,
        "latest_due": max(case.due_on, uow.today),
    }


def live_facts(uow: UnitOfWork, case: Any) -> dict[str, Any]:
    """Return what may change while the page is open."""
    calendar = uow.office.calendar
    names = operators.names(uow.session, {case.handler_id} - {None})
    unit_clock = None
    if case.unit_due_on and case.state in CLOCK_RUNS:
        unit_clock = clocks.clock_until(case.unit_due_on, uow.today, calendar)
    return {
        "case": case,
        "clock": clocks.answer_clock(case, uow.today, calendar),
        "unit_clock": unit_clock,
        "first_response": clocks.acknowledgement(case, uow.now),
        "stages": stages(case),
        "handler": names.get(case.handler_id, ""),
        "drafts": replies.drafts(uow, case),
        "told": history.tell(uow, case.number),
    }


def _form(uow: UnitOfWork, case: Any, step: Step) -> StepForm:
    """Return the step's form with what is most likely meant already in it."""
    form_class = FORMS[step.name]
    return form_class(data=_proposal(uow, case, step.name))


def _proposal(uow: UnitOfWork, case: Any, name: str) -> Mapping[str, Any]:
    if name == "dispatch":
        return {
            "due_on": _unit_date(uow, case),
            "requirements": case.requirements or wording.phrase("requirements"),
        }
    if name == "draft":
        return {"text": _draft_text(case)}
    if name == "urge":
        return {"text": uow.office.notice("case_urged", number=case.number)}
    return {}


def _unit_date(uow: UnitOfWork, case: Any) -> date:
    """Leave a working day for the review before the citizen is answered, if there is one."""
    day: date = case.due_on - timedelta(days=1)
    while not uow.office.calendar.is_working_day(day):
        day -= timedelta(days=1)
    return max(day, uow.today)


def _draft_text(case: Any) -> str:
    """Return the draft that was sent back, else the courteous frame of a first one."""
    if case.current_reply is not None:
        return str(case.current_reply.text)
    unit = case.department
    return wording.phrase("reply_frame").format(
        title=case.title, number=case.number, unit=unit.name, phone=unit.phone or ""
    )


def _promises(uow: UnitOfWork, case: Any) -> list[tuple[CaseClass, int, Any]]:
    """Return for each class by when the citizen would be answered."""
    return [
        (
            each,
            deadlines.answer_days(case.submitted_at, each),
            deadlines.answer_by(case.submitted_at, each, uow.office.calendar),
        )
        for each in CaseClass
    ]


def _lost(tried: str, form: StepForm | None, offered: list[str]) -> Lost | None:
    if form is None or not tried or tried in offered:
        return None
    return Lost(STEPS[tried].title, form.refusal, form.typed)
