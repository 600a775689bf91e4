"""Attachments in the states in which they are met."""

from sqlalchemy import text

from core.bootstrap import Core
from core.media import queries, services
from core.media.checking import check
from core.media.models import Attachment
from core.media.services import Kept, Wanted
from core.media.states import MediaKind
from core.media.storing import MediaStore
from core.messaging import InboundKind
from tests.builders import a_message
from tests.core.media.contents import a_picture


def a_photo(core: Core, *, kind: InboundKind = InboundKind.IMAGE, **given: object) -> int:
    """A citizen has sent something just now; return the message's id."""
    with core.unit_of_work() as uow:
        arrived = {"kind": kind, "text": "", "payload": {"media_id": "media-1"}} | given
        return a_message(uow, **arrived).id


def leased(core: Core, message_id: int) -> Wanted | None:
    with core.unit_of_work() as uow:
        return services.lease(uow, message_id)


def is_stored(
    core: Core,
    store: MediaStore,
    message_id: int,
    content: bytes | None = None,
    kind: MediaKind = MediaKind.IMAGE,
) -> Kept:
    """The bytes have come home."""
    leased(core, message_id)
    checked = check(content or a_picture(), kind)
    preview = store.put(checked.preview) if checked.preview else None
    kept = Kept(checked, store.put(checked.data), preview)
    with core.unit_of_work() as uow:
        services.record_stored(uow, message_id, kept)
    return kept


def attachment(core: Core, message_id: int) -> Attachment:
    with core.unit_of_work() as uow:
        return queries.get(uow.session, message_id)


def promised_fetches(core: Core) -> list[tuple[int, bool]]:
    """Return for each promised fetch its message, and whether it is for later."""
    with core.unit_of_work() as uow:
        rows = uow.session.execute(
            text(
                "SELECT args, scheduled_at IS NOT NULL FROM procrastinate_jobs"
                " WHERE task_name = 'fetch_media' ORDER BY id"
            )
        )
        return [(args["message_id"], is_later) for args, is_later in rows]
