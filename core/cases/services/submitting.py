"""A matter is put on record: number, query code, clocks and first response."""

import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from core.cases import deadlines, queries
from core.cases.errors import (
    ContactMissing,
    ContentMissing,
    IllegalTransition,
    InformationTooLong,
    PhoneInvalid,
    TooManyAdditions,
    TooManyPhotos,
)
from core.cases.events import CaseAcknowledged, CaseSubmitted, ContactRead, InformationAdded
from core.cases.models import Case, CaseAddition, CaseAttachment, CaseCounter, CasePhoto
from core.cases.states import CLOCK_RUNS, NEEDS_CONTACT, CaseClass, CaseKind, CaseSource
from core.conversations import queries as conversations
from core.conversations.services import say_as_desk
from core.events import SYSTEM, citizen_actor, operator_actor
from core.media import queries as media
from core.media import services as media_services
from core.media.services import Kept
from core.unit_of_work import UnitOfWork

TITLE_CHARACTERS = 40
MIN_CONTENT_CHARACTERS = 5
MAX_CONTENT_CHARACTERS = 5_000
QUERY_CODE_DIGITS = 6
# Who tells of a matter shows it in the same hour; older pictures may be about another one.
TELLING = timedelta(hours=1)
MIN_ADDITION_CHARACTERS = 2
MAX_ADDITION_CHARACTERS = 1_000
MAX_ADDITIONS = 20
MAX_PHOTOS_AT_ONCE = 6
MAX_PHOTOS = 30
# Mobile numbers, and landlines with or without area code, as 工信部's numbering plan forms them.
PHONE = re.compile(r"1[3-9]\d{9}|(0\d{2,3}-?)?[2-9]\d{6,7}")


@dataclass(frozen=True)
class Contact:
    name: str = ""
    phone: str = ""


def submit_case(
    uow: UnitOfWork,
    *,
    kind: CaseKind,
    content: str,
    source: CaseSource,
    contact: Contact | None = None,
    title: str = "",
    place: str = "",
    conversation_id: int | None = None,
    citizen_id: int | None = None,
    source_key: str | None = None,
    photos: Sequence[Kept] = (),
    actor: str = SYSTEM,
) -> Case:
    """Put the matter on record and start its clocks.

    The same `source_key` twice (a repeated push, a second click) is one case. `citizen_id`
    is for who is known without a conversation. `photos` came with the form.
    """
    if source_key is not None:
        # Two clicks at once: the second waits here until the first case is there to be found.
        lock = func.pg_advisory_xact_lock(func.hashtextextended(source_key, 0))
        uow.session.execute(select(lock))
        known = queries.find_by_source_key(uow.session, source_key)
        if known is not None:
            return known
    words = content.strip()[:MAX_CONTENT_CHARACTERS]
    if len(words) < MIN_CONTENT_CHARACTERS:
        raise ContentMissing(minimum=MIN_CONTENT_CHARACTERS)
    contact = contact or Contact()
    phone = _as_dialled(contact.phone)
    if phone and not PHONE.fullmatch(phone):
        raise PhoneInvalid
    if kind in NEEDS_CONTACT and not phone:
        raise ContactMissing(kind=kind)
    if conversation_id is not None:
        citizen_id = conversations.get(uow.session, conversation_id).identity.citizen_id
    calendar = uow.office.calendar
    due = deadlines.answer_by(uow.now, CaseClass.GENERAL, calendar)
    case = Case(
        number=_next_number(uow),
        query_code="".join(secrets.choice("0123456789") for _ in range(QUERY_CODE_DIGITS)),
        kind=kind,
        source=source,
        title=(title.strip() or _first_words(words))[:TITLE_CHARACTERS],
        content=words,
        place=place.strip()[:200] or None,
        contact_name=uow.seal.close(contact.name.strip()) if contact.name.strip() else None,
        contact_phone=uow.seal.close(phone) if phone else None,
        contact_fingerprint=uow.seal.fingerprint(phone) if phone else None,
        submitted_at=uow.now,
        acknowledge_by=deadlines.acknowledge_by(uow.now),
        due_on=due.on,
        due_is_provisional=due.is_provisional,
        calendar_version=calendar.version,
        policy_version=deadlines.policy_on(uow.today).version,
        citizen_id=citizen_id,
        conversation_id=conversation_id,
        source_key=source_key,
    )
    uow.session.add(case)
    if conversation_id is not None:
        _attach_what_was_sent(uow, case, conversation_id)
    _attach_photos(uow, case, photos)
    uow.announce(
        CaseSubmitted(
            at=uow.now,
            actor=actor,
            number=case.number,
            kind=kind,
            source=source,
            due_on=due.on,
            is_provisional=due.is_provisional,
            calendar_version=calendar.version,
        )
    )
    return case


def _attach_what_was_sent(uow: UnitOfWork, case: Case, conversation_id: int) -> None:
    """Let the case have what the citizen sent while telling of the matter."""
    uow.session.flush()  # the rows below name the case
    for message_id in media.sent_since(uow.session, conversation_id, uow.now - TELLING):
        uow.session.add(CaseAttachment(case_id=case.id, message_id=message_id))


def _attach_photos(
    uow: UnitOfWork, case: Case, photos: Sequence[Kept], addition: CaseAddition | None = None
) -> None:
    if not photos:
        return
    uow.session.flush()  # the rows below name the case and the addition
    there = len(queries.photos(uow.session, case.id))
    if len(photos) > MAX_PHOTOS_AT_ONCE or there + len(photos) > MAX_PHOTOS:
        raise TooManyPhotos(at_once=MAX_PHOTOS_AT_ONCE, limit=MAX_PHOTOS)
    for kept in photos:
        uow.session.add(
            CasePhoto(
                upload_id=media_services.record_upload(uow, kept).id,
                case_id=case.id,
                addition_id=addition.id if addition else None,
            )
        )


def acknowledge_case(
    uow: UnitOfWork, number: str, *, actor: str = SYSTEM, tell_citizen: bool = True
) -> Case:
    """Give the citizen the first response that is due within 24 hours.

    `tell_citizen` is False when the same words are already part of the bot's own answer.
    """
    case = queries.get_for_change(uow.session, number)
    if case.acknowledged_at is not None:
        return case
    if case.state not in CLOCK_RUNS:
        raise IllegalTransition(state=case.state, action="acknowledge")
    text = uow.office.notice("case_acknowledged", number=number, query_code=case.query_code)
    case.acknowledged_at = uow.now
    uow.announce(CaseAcknowledged(at=uow.now, actor=actor, number=number, text=text))
    if tell_citizen and case.conversation_id is not None:
        say_as_desk(uow, case.conversation_id, text=text, actor=actor)
    return case


def read_contact(uow: UnitOfWork, number: str, *, operator_id: int) -> Contact:
    """Open the sealed contact; that it was read is put on record."""
    case = queries.get_for_change(uow.session, number)
    uow.announce(ContactRead(at=uow.now, actor=operator_actor(operator_id), number=number))
    return Contact(
        name=uow.seal.open(case.contact_name) if case.contact_name else "",
        phone=uow.seal.open(case.contact_phone) if case.contact_phone else "",
    )


def add_information(
    uow: UnitOfWork,
    number: str,
    *,
    citizen_id: int,
    text: str,
    form_key: str | None = None,
    photos: Sequence[Kept] = (),
) -> Case:
    """The citizen adds to the own case while it is being handled; one form sent twice is once.

    A picture needs no words.
    """
    queries.get_of_citizen(uow.session, number, citizen_id)
    case = queries.get_for_change(uow.session, number)
    if form_key is not None and any(each.form_key == form_key for each in case.additions):
        return case
    words = text.strip()
    if len(words) < MIN_ADDITION_CHARACTERS and not photos:
        raise ContentMissing(minimum=MIN_ADDITION_CHARACTERS)
    if len(words) > MAX_ADDITION_CHARACTERS:
        raise InformationTooLong(limit=MAX_ADDITION_CHARACTERS)
    if case.state not in CLOCK_RUNS:
        raise IllegalTransition(state=case.state, action="add_information")
    if len(case.additions) >= MAX_ADDITIONS:
        raise TooManyAdditions(limit=MAX_ADDITIONS)
    addition = CaseAddition(text=words, added_at=uow.now, form_key=form_key)
    case.additions.append(addition)
    _attach_photos(uow, case, photos, addition)
    uow.announce(
        InformationAdded(
            at=uow.now,
            actor=citizen_actor(citizen_id),
            number=number,
            text=words,
            photos=len(photos),
        )
    )
    return case


def cases_with_phone(uow: UnitOfWork, phone: str, *, limit: int = 5) -> Sequence[Case]:
    """Return what the caller with this number has raised before; nothing for no number."""
    dialled = _as_dialled(phone)
    if not PHONE.fullmatch(dialled):
        return []
    return queries.of_phone(uow.session, uow.seal.fingerprint(dialled), limit=limit)


def mark_phones(uow: UnitOfWork) -> int:
    """Make comparable what was sealed before numbers could be compared; return how many."""
    unmarked = queries.without_fingerprint(uow.session)
    for case in unmarked:
        if case.contact_phone is not None:
            case.contact_fingerprint = uow.seal.fingerprint(uow.seal.open(case.contact_phone))
    return len(unmarked)


def _as_dialled(phone: str) -> str:
    """Return the digits one dials within the country, however the number was written."""
    digits = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", phone))
    return re.sub(r"^(\+86|0086)", "", digits)


def _next_number(uow: UnitOfWork) -> str:
    counted = (
        insert(CaseCounter)
        .values(day=uow.today, last=1)
        .on_conflict_do_update(
            index_elements=[CaseCounter.day], set_={"last": CaseCounter.last + 1}
        )
        .returning(CaseCounter.last)
    )
    serial = uow.session.execute(counted).scalar_one()
    return f"WZ{uow.today:%Y%m%d}{serial:04d}"


def _first_words(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= TITLE_CHARACTERS else line[: TITLE_CHARACTERS - 1] + "…"
