"""Questions about citizens' media. Reading only: changes are in services."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from core.media.errors import AttachmentNotFound
from core.media.models import Attachment, MediaFile, Upload
from core.media.states import UNSETTLED, AttachmentState


def find(session: Session, message_id: int) -> Attachment | None:
    return session.scalars(
        select(Attachment).filter_by(message_id=message_id).options(joinedload(Attachment.file))
    ).one_or_none()


def get(session: Session, message_id: int) -> Attachment:
    attachment = find(session, message_id)
    if attachment is None:
        raise AttachmentNotFound(message_id=message_id)
    return attachment


def get_for_change(session: Session, message_id: int) -> Attachment:
    """Fetch and lock the attachment until this unit of work ends."""
    attachment = session.scalars(
        select(Attachment)
        .filter_by(message_id=message_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if attachment is None:
        raise AttachmentNotFound(message_id=message_id)
    return attachment


def of_messages(session: Session, message_ids: Collection[int]) -> dict[int, Attachment]:
    if not message_ids:
        return {}
    found = session.scalars(
        select(Attachment)
        .where(Attachment.message_id.in_(message_ids))
        .options(joinedload(Attachment.file))
    )
    return {attachment.message_id: attachment for attachment in found}


def sent_since(session: Session, conversation_id: int, moment: datetime) -> Sequence[int]:
    """Return the messages by which something was sent in this conversation since then."""
    return session.scalars(
        select(Attachment.message_id)
        .where(Attachment.conversation_id == conversation_id, Attachment.wanted_at >= moment)
        .order_by(Attachment.message_id)
    ).all()


def forgotten(session: Session, *, wanted_before: datetime, now: datetime) -> Sequence[int]:
    """Return messages whose attachment waits for a fetch that no job is at any more."""
    return session.scalars(
        select(Attachment.message_id).where(
            Attachment.state.in_(UNSETTLED),
            Attachment.wanted_at < wanted_before,
            or_(Attachment.leased_until.is_(None), Attachment.leased_until < now),
        )
    ).all()


def stored_before(
    session: Session, moment: datetime, *, conversation_id: int | None = None
) -> Sequence[Attachment]:
    """Return what was stored before this moment and is still kept, oldest first."""
    kept = select(Attachment).where(
        Attachment.state == AttachmentState.STORED, Attachment.wanted_at < moment
    )
    if conversation_id is not None:
        kept = kept.where(Attachment.conversation_id == conversation_id)
    return session.scalars(
        kept.options(joinedload(Attachment.file)).order_by(Attachment.message_id)
    ).all()


def uploads_before(session: Session, moment: datetime) -> Sequence[Upload]:
    """Return what came with forms before this moment and is still kept, oldest first."""
    return session.scalars(
        select(Upload)
        .where(Upload.sha256.is_not(None), Upload.uploaded_at < moment)
        .order_by(Upload.id)
    ).all()


def uploads_for_change(session: Session, upload_ids: Collection[int]) -> Sequence[Upload]:
    return session.scalars(
        select(Upload)
        .where(Upload.id.in_(upload_ids))
        .order_by(Upload.id)
        .with_for_update(of=Upload)
        .execution_options(populate_existing=True)
    ).all()


def known_hashes(session: Session) -> Iterator[str]:
    """Go through the hashes of everything that has a row: files and their previews."""
    for sha256, preview_sha256 in session.execute(
        select(MediaFile.sha256, MediaFile.preview_sha256)
    ):
        yield sha256
        if preview_sha256:
            yield preview_sha256
