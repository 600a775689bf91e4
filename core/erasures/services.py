"""Changes to erasures: checked against the law by one person, carried out by another."""

from sqlalchemy import delete, select, update

from core.citizens.models import LinkingCode, PageLink
from core.conversations import queries as conversations
from core.conversations.models import (
    Delivery,
    ErasureRequest,
    Message,
    NoticeConsent,
    PlatformEvent,
)
from core.conversations.services import ERASED, threads
from core.conversations.states import Author, DeliveryState, ErasureStep, Visibility
from core.erasures import queries
from core.erasures.errors import ErasureNoteMissing
from core.erasures.events import CitizenDataErased, ErasureCleared, ErasureDeclined
from core.erasures.queries import Extent
from core.events import SYSTEM, operator_actor
from core.gaps.models import Gap, GapGroup
from core.media import services as media
from core.media.models import Attachment
from core.unit_of_work import UnitOfWork

MAX_NOTE_CHARACTERS = 500
OPEN = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.HELD)


def clear_erasure(uow: UnitOfWork, request_id: int, *, operator_id: int, note: str) -> None:
    """No law asks for keeping these data: they may go."""
    request = _checked(uow, request_id, ErasureStep.CLEAR, operator_id=operator_id, note=note)
    uow.announce(
        ErasureCleared(
            at=uow.now,
            actor=operator_actor(operator_id),
            request_id=request_id,
            note=request.note,
        )
    )


def decline_erasure(uow: UnitOfWork, request_id: int, *, operator_id: int, note: str) -> None:
    """A law asks for keeping them; the note names it."""
    request = _checked(uow, request_id, ErasureStep.DECLINE, operator_id=operator_id, note=note)
    uow.announce(
        ErasureDeclined(
            at=uow.now,
            actor=operator_actor(operator_id),
            request_id=request_id,
            note=request.note,
        )
    )


def carry_out_erasure(uow: UnitOfWork, request_id: int, *, operator_id: int | None) -> Extent:
    """Take away what was checked; return what went. None: by command, without a person's name.

    The bytes of media are taken away by sweeping the store, once this change has committed.
    """
    request = queries.get_for_change(uow.session, request_id)
    request.apply(ErasureStep.ERASE)
    extent = queries.extent(uow.session, request)
    request.erased_at, request.erased_by_id = uow.now, operator_id
    if extent.conversation_id is not None:
        conversations.get_for_change(uow.session, extent.conversation_id)
    _erase_questions(uow, extent)
    _erase_media(uow, extent)
    _erase_messages(uow, extent)
    for table in (PlatformEvent, NoticeConsent, PageLink, LinkingCode):
        uow.session.execute(delete(table).where(table.identity_id == request.identity_id))
    request.identity.page_version += 1
    if extent.conversation_id is not None:
        threads.append(
            uow,
            conversations.get(uow.session, extent.conversation_id),
            author=Author.DESK,
            visibility=Visibility.PRIVATE,
            text=uow.office.notice("citizen_data_erased", messages=len(extent.message_ids)),
        )
    uow.announce(
        CitizenDataErased(
            at=uow.now,
            actor=SYSTEM if operator_id is None else operator_actor(operator_id),
            request_id=request_id,
            conversation_id=extent.conversation_id,
            messages=len(extent.message_ids),
            attachments=len(extent.attachment_ids),
            reports=extent.reports,
            consents=extent.consents,
            questions=extent.questions,
            kept_cases=list(extent.kept_cases),
        )
    )
    return extent


def _checked(
    uow: UnitOfWork, request_id: int, step: ErasureStep, *, operator_id: int, note: str
) -> ErasureRequest:
    request = queries.get_for_change(uow.session, request_id)
    if not note.strip():
        raise ErasureNoteMissing(request_id=request_id)
    request.apply(step)
    request.checked_at, request.checked_by_id = uow.now, operator_id
    request.note = note.strip()[:MAX_NOTE_CHARACTERS]
    return request


def _erase_messages(uow: UnitOfWork, extent: Extent) -> None:
    ids = extent.message_ids
    uow.session.execute(
        update(Delivery)
        .where(Delivery.message_id.in_(ids), Delivery.state.in_(OPEN))
        .values(
            state=DeliveryState.FAILED, error_code=ERASED, error=None,
            held_for=None, leased_until=None,
        )
    )  # fmt: skip
    uow.session.execute(
        update(Message)
        .where(Message.id.in_(ids))
        .values(
            text=uow.office.notice("erased_text"), payload={}, choices=[], understanding={},
            reason={},
        )
    )  # fmt: skip
    uow.session.expire_all()


def _erase_media(uow: UnitOfWork, extent: Extent) -> None:
    media.erase(uow, extent.attachment_ids)
    uow.session.execute(
        update(Attachment)
        .where(Attachment.message_id.in_(extent.attachment_ids))
        .values(source={}, reason=None)
    )


def _erase_questions(uow: UnitOfWork, extent: Extent) -> None:
    """Take the words out of the groups of open questions; a group without questions goes too."""
    gone = uow.session.scalars(
        delete(Gap).where(Gap.message_id.in_(extent.message_ids)).returning(Gap)
    ).all()
    for group_id in {gap.group_id for gap in gone if gap.group_id is not None}:
        group = uow.session.get_one(GapGroup, group_id, with_for_update=True)
        left = uow.session.scalars(select(Gap).filter_by(group_id=group_id).order_by(Gap.id)).all()
        if not left:
            uow.session.delete(group)
            continue
        group.question_count = len(left)
        if group.title in {gap.text for gap in gone}:
            group.title = left[0].text
