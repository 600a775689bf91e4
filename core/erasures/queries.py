"""Questions about erasures: which are open, and what one of them would take away."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from core.cases.models import Case, CaseAttachment
from core.citizens.models import LinkingCode, PageLink
from core.conversations.models import (
    Conversation,
    ErasureRequest,
    Message,
    NoticeConsent,
    PlatformEvent,
)
from core.conversations.states import Author, ErasureState
from core.erasures.errors import ErasureNotFound
from core.gaps.models import Gap
from core.media.models import Attachment, MediaFile
from core.media.states import AttachmentState


@dataclass(frozen=True)
class Extent:
    """What goes: as numbers to show, and as the rows themselves. `kept_cases` stays, by law."""

    conversation_id: int | None
    message_ids: tuple[int, ...]
    attachment_ids: tuple[int, ...]
    attached_bytes: int
    hashes: tuple[str, ...]  # of the files, and of their previews
    reports: int
    consents: int
    links: int
    questions: int
    kept_cases: tuple[str, ...]
    kept_attachments: int


def requests(
    session: Session, state: ErasureState, *, limit: int = 200
) -> Sequence[ErasureRequest]:
    """Return the requests in this state, the oldest first."""
    return session.scalars(
        select(ErasureRequest)
        .filter_by(state=state)
        .options(joinedload(ErasureRequest.identity))
        .order_by(ErasureRequest.requested_at, ErasureRequest.id)
        .limit(limit)
    ).all()


def count(session: Session, state: ErasureState) -> int:
    found = session.scalar(select(func.count()).select_from(ErasureRequest).filter_by(state=state))
    return found or 0


def get(session: Session, request_id: int) -> ErasureRequest:
    request = session.get(ErasureRequest, request_id, options=[joinedload(ErasureRequest.identity)])
    if request is None:
        raise ErasureNotFound(request_id=request_id)
    return request


def get_for_change(session: Session, request_id: int) -> ErasureRequest:
    request = session.scalars(
        select(ErasureRequest)
        .filter_by(id=request_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if request is None:
        raise ErasureNotFound(request_id=request_id)
    return request


def extent(session: Session, request: ErasureRequest) -> Extent:
    """Find what was received before the citizen took the consent back; later words are new ones."""
    identity_id = request.identity_id
    conversation_id = session.scalar(select(Conversation.id).filter_by(identity_id=identity_id))
    before = Message.received_at <= request.requested_at
    # The desk's own notes name no words of the citizen.
    said = select(Message.id).where(
        Message.conversation_id == conversation_id, before, Message.author != Author.DESK
    )
    notices = select(Message.id).where(
        Message.conversation_id == conversation_id,
        before,
        Message.author == Author.DESK,
        Message.payload.has_key("notice"),
    )
    in_cases = select(CaseAttachment.message_id)
    attached = select(Attachment.message_id).where(
        Attachment.message_id.in_(said), Attachment.state != AttachmentState.ERASED
    )
    going = attached.where(Attachment.message_id.not_in(in_cases))
    files = session.scalars(
        select(MediaFile).where(
            MediaFile.sha256.in_(select(Attachment.sha256).where(Attachment.message_id.in_(going)))
        )
    ).all()
    return Extent(
        conversation_id=conversation_id,
        message_ids=tuple(session.scalars(said.union(notices))),
        attachment_ids=tuple(session.scalars(going.order_by(Attachment.message_id))),
        attached_bytes=sum(file.size_bytes for file in files),
        hashes=tuple(
            sha256
            for file in files
            for sha256 in (file.sha256, file.preview_sha256)
            if sha256 is not None
        ),
        reports=_count(session, select(PlatformEvent.id).filter_by(identity_id=identity_id)),
        consents=_count(session, select(NoticeConsent.id).filter_by(identity_id=identity_id)),
        links=_count(session, select(PageLink.id).filter_by(identity_id=identity_id))
        + _count(session, select(LinkingCode.id).filter_by(identity_id=identity_id)),
        questions=_count(session, select(Gap.id).where(Gap.message_id.in_(said))),
        kept_cases=tuple(
            session.scalars(
                select(Case.number)
                .where(
                    (Case.conversation_id == conversation_id)
                    | (Case.citizen_id == request.identity.citizen_id)
                )
                .order_by(Case.number)
            )
        ),
        kept_attachments=_count(session, attached.where(Attachment.message_id.in_(in_cases))),
    )


def without_owner(session: Session, hashes: Collection[str]) -> set[str]:
    """Return which of these bytes no row names any more: they may be taken away."""
    found = session.execute(
        select(MediaFile.sha256, MediaFile.preview_sha256).where(
            MediaFile.sha256.in_(hashes) | MediaFile.preview_sha256.in_(hashes)
        )
    )
    return set(hashes) - {sha256 for row in found for sha256 in row}


def _count(session: Session, rows: Select[int]) -> int:
    return session.scalar(select(func.count()).select_from(rows.subquery())) or 0
