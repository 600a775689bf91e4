"""Questions about cases. Reading only: changes are in services."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from core.cases.deadlines import explain_answer_by
from core.cases.errors import CaseNotFound, PhotoNotFound
from core.cases.models import Case, CaseAttachment, CasePhoto
from core.cases.states import CLOCK_RUNS, CaseSource, CaseState
from core.citizens.queries import same_person
from core.media.models import Attachment
from core.working_days import CountedDay, WorkingCalendar


def get(session: Session, number: str) -> Case:
    case = session.scalars(select(Case).filter_by(number=number)).one_or_none()
    if case is None:
        raise CaseNotFound(number=number)
    return case


def get_for_change(session: Session, number: str) -> Case:
    """Fetch and lock the case until this unit of work ends."""
    case = session.scalars(
        select(Case)
        .filter_by(number=number)
        .with_for_update(of=Case)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if case is None:
        raise CaseNotFound(number=number)
    return case


def attachments(session: Session, case_id: int) -> Sequence[Attachment]:
    """Return what the citizen sent about the matter, oldest first."""
    return session.scalars(
        select(Attachment)
        .join(CaseAttachment, CaseAttachment.message_id == Attachment.message_id)
        .where(CaseAttachment.case_id == case_id)
        .options(joinedload(Attachment.file))
        .order_by(Attachment.message_id)
    ).all()


def photos(session: Session, case_id: int) -> Sequence[CasePhoto]:
    """Return the pictures that came with forms about the matter, oldest first."""
    return session.scalars(
        select(CasePhoto).filter_by(case_id=case_id).order_by(CasePhoto.upload_id)
    ).all()


def get_photo(session: Session, number: str, upload_id: int) -> CasePhoto:
    photo = session.scalars(
        select(CasePhoto)
        .join(Case, Case.id == CasePhoto.case_id)
        .where(Case.number == number, CasePhoto.upload_id == upload_id)
    ).one_or_none()
    if photo is None:
        raise PhotoNotFound(number=number, upload_id=upload_id)
    return photo


def get_by_query_code(session: Session, number: str, query_code: str) -> Case:
    """Return the case for whoever knows its code; a wrong code is the same as no case."""
    case = session.scalars(
        select(Case).filter_by(number=number.strip().upper(), query_code=query_code.strip())
    ).one_or_none()
    if case is None:
        raise CaseNotFound(number=number)
    return case


def find_by_source_key(session: Session, source_key: str) -> Case | None:
    return session.scalars(select(Case).filter_by(source_key=source_key)).one_or_none()


def of_citizen(session: Session, citizen_id: int, *, limit: int = 20) -> Sequence[Case]:
    """The citizen's own cases, newest first, under whichever identity they came in."""
    return session.scalars(
        select(Case)
        .where(Case.citizen_id.in_(same_person(citizen_id)))
        .order_by(Case.submitted_at.desc(), Case.id.desc())
        .limit(limit)
    ).all()


def get_of_citizen(session: Session, number: str, citizen_id: int) -> Case:
    """Return the case only to its own citizen."""
    case = session.scalars(
        select(Case).where(Case.number == number, Case.citizen_id.in_(same_person(citizen_id)))
    ).one_or_none()
    if case is None:
        raise CaseNotFound(number=number)
    return case


@dataclass(frozen=True)
class CaseFilter:
    """Which cases are asked for.

    `department_id` is the one unit whose cases the asker may see; `department_ids`
    are the units asked for. The due dates fit only cases that still run.
    """

    states: Collection[CaseState] = ()
    department_id: int | None = None
    department_ids: Collection[int] = ()
    sources: Collection[CaseSource] = ()
    handler_id: int | None = None
    words: str = ""
    overdue_on: date | None = None
    due_from: date | None = None
    due_until: date | None = None


EVERYTHING = CaseFilter()


def listed(
    session: Session, wanted: CaseFilter, *, limit: int = 200, offset: int = 0
) -> Sequence[Case]:
    """Cases that fit, the one that is due first on top; ended ones follow, newest first."""
    query = _filtered(select(Case), wanted)
    return session.scalars(
        query.order_by(
            Case.state.in_(CLOCK_RUNS).desc(),
            Case.due_on,
            Case.submitted_at.desc(),
            Case.id.desc(),
        )
        .limit(limit)
        .offset(offset)
    ).all()


def _filtered[Query: Select[*tuple[Any, ...]]](query: Query, wanted: CaseFilter) -> Query:
    if wanted.states:
        query = query.where(Case.state.in_(wanted.states))
    if wanted.department_id is not None:
        query = query.where(Case.department_id == wanted.department_id)
    if wanted.department_ids:
        query = query.where(Case.department_id.in_(wanted.department_ids))
    if wanted.sources:
        query = query.where(Case.source.in_(wanted.sources))
    if wanted.handler_id is not None:
        query = query.where(Case.handler_id == wanted.handler_id)
    if wanted.overdue_on is not None:
        query = query.where(Case.state.in_(CLOCK_RUNS), Case.due_on < wanted.overdue_on)
    if wanted.due_from is not None:
        query = query.where(Case.state.in_(CLOCK_RUNS), Case.due_on >= wanted.due_from)
    if wanted.due_until is not None:
        query = query.where(Case.state.in_(CLOCK_RUNS), Case.due_on <= wanted.due_until)
    if wanted.words:
        query = query.where(
            or_(
                *(
                    column.icontains(wanted.words, autoescape=True)
                    for column in (Case.number, Case.title, Case.content, Case.place)
                )
            )
        )
    return query


def count(session: Session, wanted: CaseFilter) -> int:
    return session.scalar(_filtered(select(func.count(Case.id)), wanted)) or 0


def counts(
    session: Session,
    wanted: CaseFilter = EVERYTHING,
    *,
    department_id: int | None = None,
) -> dict[CaseState, int]:
    """Return how many of the wanted cases are in each state."""
    query = _filtered(select(Case.state, func.count()), wanted).group_by(Case.state)
    if department_id is not None:
        query = query.where(Case.department_id == department_id)
    found = {row[0]: row[1] for row in session.execute(query)}
    return {state: found.get(state, 0) for state in CaseState}


def overdue(session: Session, *, today: date, limit: int = 50) -> Sequence[Case]:
    """Cases whose clock still runs after their due date, longest overdue first."""
    return listed(session, CaseFilter(overdue_on=today), limit=limit)


def of_phone(session: Session, fingerprint: str, *, limit: int = 20) -> Sequence[Case]:
    """Cases with the same phone number, newest first; the number itself stays sealed."""
    return session.scalars(
        select(Case)
        .filter_by(contact_fingerprint=fingerprint)
        .order_by(Case.submitted_at.desc(), Case.id.desc())
        .limit(limit)
    ).all()


def without_fingerprint(session: Session, *, limit: int = 100) -> Sequence[Case]:
    """Cases whose phone number was sealed before numbers could be compared."""
    return session.scalars(
        select(Case)
        .where(Case.contact_phone.is_not(None), Case.contact_fingerprint.is_(None))
        .order_by(Case.id)
        .limit(limit)
        .with_for_update(of=Case, skip_locked=True)
    ).all()


def open_of_conversation(session: Session, conversation_id: int) -> Sequence[Case]:
    return session.scalars(
        select(Case).filter_by(conversation_id=conversation_id).order_by(Case.id.desc())
    ).all()


def explain_due_date(case: Case, calendar: WorkingCalendar) -> list[CountedDay]:
    """Return the case's deadline day by day."""
    return explain_answer_by(case.submitted_at, case.case_class, calendar)
