"""Citizens' media on screens: what is shown of an attachment, and how its bytes leave here."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Response, abort, request, send_file
from flask.typing import ResponseReturnValue

from console import wording
from console.context import media_store
from core.clock import office_time
from core.media.states import AttachmentState, MediaKind, Refusal

PLAYABLE = frozenset({"audio/mpeg", "audio/ogg", "audio/wav", "video/mp4"})
SUFFIXES = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "audio/amr": "amr",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    "video/mp4": "mp4",
}
MEGABYTE = 1024 * 1024

# Whatever the bytes are, in the browser they are a file and not a page of ours.
POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


@dataclass(frozen=True)
class ShownAttachment:
    """An attachment as a template needs it; `words` say how it stands when it cannot be shown."""

    attachment: Any

    @property
    def state(self) -> str:
        return str(self.attachment.state.value)

    @property
    def kind(self) -> MediaKind:
        kind: MediaKind = self.attachment.kind
        return kind

    @property
    def is_stored(self) -> bool:
        return self.attachment.state is AttachmentState.STORED and self.attachment.file is not None

    @property
    def is_playable(self) -> bool:
        return self.is_stored and self.attachment.file.mime in PLAYABLE

    @property
    def is_unsettled(self) -> bool:
        return self.attachment.state in {AttachmentState.WANTED, AttachmentState.FETCHING}

    @property
    def may_change(self) -> bool:
        return self.is_unsettled or self.can_be_fetched_again

    @property
    def can_be_fetched_again(self) -> bool:
        return self.attachment.state is AttachmentState.FAILED

    @property
    def facts(self) -> str:
        """Return how long and how large it is, as far as that is known."""
        file = self.attachment.file
        seconds = f"{max(1, round(file.seconds))} 秒" if file.seconds else ""
        if file.size_bytes >= MEGABYTE:
            size = f"{file.size_bytes / MEGABYTE:.1f} MB"
        else:
            size = f"{max(1, file.size_bytes // 1024)} KB"
        return " · ".join(part for part in (seconds, size) if part)

    @property
    def words(self) -> str:
        phrase = f"media_{self.state}"
        if self.is_unsettled and self.attachment.reason:
            phrase = "media_tried"
        return wording.phrase(phrase).format(
            kind=wording.label(self.kind), reason=_reason(self.attachment.reason)
        )


def shown(attachment: Any) -> ShownAttachment | None:
    return None if attachment is None else ShownAttachment(attachment)


def _reason(reason: str | None) -> str:
    if reason in set(Refusal):
        return wording.label(Refusal(reason))
    return reason or wording.phrase("reason_unknown")


def send(attachment: Any) -> ResponseReturnValue:
    """Answer with the bytes, or with the small picture that `?size=preview` asks for.

    The guard and the view have decided that whoever asks may see it; the browser asks
    again each time and is told that nothing has changed.
    """
    if attachment.state is not AttachmentState.STORED or attachment.file is None:
        abort(HTTPStatus.NOT_FOUND)
    return _send(attachment.file, attachment.wanted_at, str(attachment.message_id))


def send_upload(upload: Any) -> ResponseReturnValue:
    """Answer with a picture that came with a form, as `send` does."""
    if upload.file is None:
        abort(HTTPStatus.NOT_FOUND)
    return _send(upload.file, upload.uploaded_at, f"p{upload.id}")


def _send(file: Any, came_at: datetime, mark: str) -> ResponseReturnValue:
    sha256, mime = file.sha256, file.mime
    if request.args.get("size") == "preview" and file.preview_sha256:
        sha256, mime = file.preview_sha256, "image/jpeg"
    place = media_store().path_of(sha256)
    if place is None:
        abort(HTTPStatus.NOT_FOUND)
    answer: Response = send_file(
        place,
        mimetype=mime,
        as_attachment="download" in request.args
        or mime not in PLAYABLE | {"image/jpeg", "image/png"},
        download_name=f"{office_time(came_at):%Y%m%d-%H%M%S}-{mark}.{SUFFIXES[mime]}",
        conditional=True,
        etag=sha256,
        last_modified=came_at,
    )
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
