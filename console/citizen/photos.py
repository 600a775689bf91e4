"""Pictures in citizens' forms: looked at, kept, and not lost when the form is refused."""

import logging
import threading
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.datastructures import FileStorage

from console import media, wording
from console.citizen import limits, words
from console.context import media_store
from core.cases import queries
from core.cases.services.submitting import MAX_PHOTOS_AT_ONCE
from core.media.checking import LIMIT_BYTES, CheckedContent, check
from core.media.errors import ContentRefused
from core.media.services import Kept
from core.media.states import MediaKind, Refusal
from core.unit_of_work import UnitOfWork

logger = logging.getLogger(__name__)

FIELD = "photos"
KEPT_FIELD = "kept_photos"
# Photographs of today's phones, as many as a form takes.
FORM_BYTES = 40 * 1024 * 1024
# Shorter than the hour for which the store keeps what has no row yet (`launch/media.py`).
KEPT_FOR = timedelta(minutes=50)
LONGEST_NAME = 40

# A large picture takes some hundred megabytes while it is drawn anew.
_drawing = threading.BoundedSemaphore(2)
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"})


@dataclass(frozen=True)
class Photo:
    """A picture that is in the store; `token` brings it back with the next try of the form."""

    name: str
    kept: Kept
    token: str


@dataclass(frozen=True)
class Photos:
    """What came with a form, and why some of it is not taken."""

    photos: tuple[Photo, ...] = ()
    refusals: tuple[str, ...] = ()

    @property
    def kept(self) -> list[Kept]:
        return [photo.kept for photo in self.photos]


NONE = Photos()


def read() -> Photos:
    """Look at the pictures of this form and put them into the store."""
    photos = [photo for token in request.form.getlist(KEPT_FIELD) if (photo := _found(token))]
    sent = [file for file in request.files.getlist(FIELD) if file.filename]
    refusals: list[str] = []
    for file in sent:
        name = _name(file)
        if len(photos) >= MAX_PHOTOS_AT_ONCE:
            refusals.append(_told("too_many_photos_sent", name, limit=MAX_PHOTOS_AT_ONCE))
            break
        if not limits.allows("photos-of-address", request.remote_addr or "unknown"):
            refusals.append(_told("too_often_photographed", name))
            break
        try:
            photos.append(_taken(file, name))
        except ContentRefused as refused:
            refusals.append(_why(refused, name))
        except OSError:
            logger.exception("photo not stored")
            refusals.append(_told("photo_not_stored", name))
    return Photos(tuple(photos), tuple(refusals))


def shown(uow: UnitOfWork, case: Any) -> tuple[list[Any], dict[int, list[Any]]]:
    """Return the pictures that came with the case, and those of each addition."""
    first: list[Any] = []
    added: dict[int, list[Any]] = {}
    for photo in queries.photos(uow.session, case.id):
        (first if photo.addition_id is None else added.setdefault(photo.addition_id, [])).append(
            photo.upload
        )
    return first, added


def _taken(file: FileStorage, name: str) -> Photo:
    content = file.stream.read(LIMIT_BYTES[MediaKind.IMAGE] + 1)
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        raise ContentRefused(reason="heic")
    with _drawing:
        checked = check(content, MediaKind.IMAGE)
    preview = media_store().put(checked.preview) if checked.preview else None
    kept = Kept(checked, media_store().put(checked.data), preview)
    facts = [kept.sha256, checked.mime, checked.width, checked.height, preview, name]
    return Photo(name, kept, _serializer().dumps(facts))


def _found(token: str) -> Photo | None:
    """Return the picture that an earlier try of the form has brought."""
    try:
        facts = _serializer().loads(token, max_age=int(KEPT_FOR.total_seconds()))
    except BadSignature:
        return None
    sha256, mime, width, height, preview, name = facts
    place = media_store().path_of(sha256)
    if place is None:
        return None
    data = place.read_bytes()
    content = CheckedContent(kind=MediaKind.IMAGE, data=data, mime=mime, width=width, height=height)
    return Photo(name, Kept(content, sha256, preview), token)


def _why(refused: ContentRefused, name: str) -> str:
    reason = refused.details["reason"]
    if reason == "heic":
        return _told("photo_is_heic", name)
    if reason is Refusal.TOO_LARGE:
        megabytes = LIMIT_BYTES[MediaKind.IMAGE] // media.MEGABYTE
        return _told("photo_too_large", name, limit=megabytes)
    if reason is Refusal.WRONG_TYPE:
        return _told("photo_is_none", name)
    return _told("photo_refused", name, reason=wording.label(Refusal(str(reason))))


def _told(code: str, name: str, **facts: object) -> str:
    return words.refusal(code).format(name=name, **facts)


def _name(file: FileStorage) -> str:
    name = "".join(sign for sign in str(file.filename) if sign.isprintable())
    return name if len(name) <= LONGEST_NAME else "…" + name[-LONGEST_NAME:]


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="photo")
