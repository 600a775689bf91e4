"""Changes to citizens' media: wanted with the message, fetched, stored once, erased."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from core import jobs
from core.media import queries
from core.media.checking import CheckedContent
from core.media.events import AttachmentChanged, MediaErased
from core.media.models import Attachment, MediaFile, Upload
from core.media.states import UNSETTLED, AttachmentState, MediaKind, MediaStep
from core.unit_of_work import UnitOfWork

# Longer than a fetch may take, so that a lease that is over means that its holder has died.
LEASE = timedelta(seconds=90)
# The platform keeps media for three days: the last attempts reach into the first of them.
RETRY_AFTER = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=3),
    timedelta(minutes=20),
    timedelta(hours=2),
    timedelta(hours=12),
)
MAX_REASON_CHARACTERS = 200


@dataclass(frozen=True)
class Wanted:
    """What is to be fetched now; `attempt` counts from 1."""

    message_id: int
    kind: MediaKind
    source: Mapping[str, str]
    attempt: int


@dataclass(frozen=True)
class Kept:
    """A checked content and where its bytes went."""

    content: CheckedContent
    sha256: str
    preview_sha256: str | None = None


def want(
    uow: UnitOfWork,
    message_id: int,
    *,
    conversation_id: int,
    kind: MediaKind,
    source: Mapping[str, str],
) -> None:
    """Note that the message carries something, and promise that it will be fetched."""
    uow.session.add(
        Attachment(
            message_id=message_id,
            conversation_id=conversation_id,
            kind=kind,
            source=dict(source),
            wanted_at=uow.now,
        )
    )
    jobs.defer(uow, jobs.fetch_media(message_id))


def lease(uow: UnitOfWork, message_id: int) -> Wanted | None:
    """Take the fetching on for a while; None when it is settled or in other hands."""
    attachment = queries.get_for_change(uow.session, message_id)
    is_held = attachment.leased_until is not None and attachment.leased_until > uow.now
    if attachment.state not in UNSETTLED or is_held:
        return None
    attachment.apply(MediaStep.LEASE)
    attachment.attempts += 1
    attachment.leased_until = uow.now + LEASE
    return Wanted(message_id, attachment.kind, attachment.source, attachment.attempts)


def record_upload(uow: UnitOfWork, kept: Kept) -> Upload:
    """Record a picture that has come with a form; its bytes are in the store already."""
    _record_file(uow, kept)
    upload = Upload(sha256=kept.sha256, uploaded_at=uow.now)
    uow.session.add(upload)
    uow.session.flush()  # what it belongs to names it by id
    return upload


def _record_file(uow: UnitOfWork, kept: Kept) -> None:
    content = kept.content
    uow.session.execute(
        insert(MediaFile)
        .values(
            sha256=kept.sha256,
            kind=content.kind,
            mime=content.mime,
            size_bytes=len(content.data),
            width=content.width,
            height=content.height,
            seconds=content.seconds,
            preview_sha256=kept.preview_sha256,
            first_seen_at=uow.now,
        )
        .on_conflict_do_nothing()
    )


def record_stored(uow: UnitOfWork, message_id: int, kept: Kept) -> None:
    _record_file(uow, kept)
    attachment = queries.get_for_change(uow.session, message_id)
    if attachment.state is not AttachmentState.FETCHING:
        return  # somebody else brought it home after our lease was over
    attachment.sha256 = kept.sha256
    _settle(uow, attachment, MediaStep.STORE, reason=None)


def record_refused(uow: UnitOfWork, message_id: int, *, reason: str) -> None:
    _end(uow, message_id, MediaStep.REFUSE, reason)


def record_expired(uow: UnitOfWork, message_id: int, *, reason: str) -> None:
    _end(uow, message_id, MediaStep.EXPIRE, reason)


def record_failure(
    uow: UnitOfWork, message_id: int, *, reason: str, can_retry: bool
) -> datetime | None:
    """Try again later, with growing patience, or give up; return when it is tried again."""
    attachment = queries.get_for_change(uow.session, message_id)
    if attachment.state is not AttachmentState.FETCHING:
        return None
    if not can_retry or attachment.attempts > len(RETRY_AFTER):
        _settle(uow, attachment, MediaStep.GIVE_UP, reason)
        return None
    attachment.apply(MediaStep.TRY_LATER)
    attachment.reason = reason[:MAX_REASON_CHARACTERS]
    again_at = uow.now + RETRY_AFTER[attachment.attempts - 1]
    attachment.leased_until = again_at  # nobody else takes it up before
    jobs.defer(uow, jobs.fetch_media(message_id), at=again_at)
    _announce(uow, attachment)
    return again_at


def fetch_again(uow: UnitOfWork, message_id: int) -> None:
    """Let staff ask once more for what could not be fetched."""
    attachment = queries.get_for_change(uow.session, message_id)
    attachment.apply(MediaStep.TRY_AGAIN)
    attachment.attempts = 0
    attachment.leased_until = None
    attachment.settled_at = None
    attachment.wanted_at = uow.now
    jobs.defer(uow, jobs.fetch_media(message_id))
    _announce(uow, attachment)


def promise_again(uow: UnitOfWork, message_ids: Collection[int]) -> None:
    """Promise fetches anew whose jobs are gone."""
    for message_id in message_ids:
        jobs.defer(uow, jobs.fetch_media(message_id))


def erase(uow: UnitOfWork, message_ids: Collection[int]) -> int:
    """Keep these attachments no longer; return how many files nothing refers to any more.

    Their bytes are taken away by sweeping the store, once this change has committed.
    """
    by_conversation: dict[int, list[int]] = {}
    for message_id in sorted(message_ids):
        attachment = queries.get_for_change(uow.session, message_id)
        attachment.apply(MediaStep.ERASE)
        attachment.sha256 = None
        attachment.settled_at = uow.now
        by_conversation.setdefault(attachment.conversation_id, []).append(message_id)
        _announce(uow, attachment)
    freed = _free_files(uow)
    for conversation_id, erased in by_conversation.items():
        uow.announce(MediaErased(at=uow.now, conversation_id=conversation_id, message_ids=erased))
    return freed


def erase_uploads(uow: UnitOfWork, upload_ids: Collection[int]) -> int:
    """Keep these pictures no longer; return how many files nothing refers to any more."""
    for upload in queries.uploads_for_change(uow.session, upload_ids):
        upload.sha256 = None
        upload.erased_at = uow.now
    return _free_files(uow)


def _free_files(uow: UnitOfWork) -> int:
    uow.session.flush()  # the rows below are free once nothing points to them
    another, upload = aliased(Attachment), aliased(Upload)
    freed = uow.session.scalars(
        delete(MediaFile)
        .where(
            ~exists(select(another.message_id).where(another.sha256 == MediaFile.sha256)),
            ~exists(select(upload.id).where(upload.sha256 == MediaFile.sha256)),
        )
        .returning(MediaFile.sha256)
    ).all()
    return len(freed)


def _end(uow: UnitOfWork, message_id: int, step: MediaStep, reason: str) -> None:
    attachment = queries.get_for_change(uow.session, message_id)
    if attachment.state is AttachmentState.FETCHING:
        _settle(uow, attachment, step, reason)


def _settle(uow: UnitOfWork, attachment: Attachment, step: MediaStep, reason: str | None) -> None:
    attachment.apply(step)
    attachment.reason = reason and reason[:MAX_REASON_CHARACTERS]
    attachment.leased_until = None
    attachment.settled_at = uow.now
    _announce(uow, attachment)


def _announce(uow: UnitOfWork, attachment: Attachment) -> None:
    uow.announce(
        AttachmentChanged(
            at=uow.now,
            conversation_id=attachment.conversation_id,
            message_id=attachment.message_id,
            state=attachment.state,
        )
    )
