"""What citizens sent beside words, for those who may see the conversation."""

from typing import Any

from flask.typing import ResponseReturnValue

from console import media
from console.context import unit_of_work
from console.desk.views import bp
from console.guard import needs
from console.notices import done
from core.media import queries, services
from core.media.errors import AttachmentNotFound
from core.operators.permissions import Permission
from core.unit_of_work import UnitOfWork


@bp.get("/<int:conversation_id>/media/<int:message_id>")
@needs(Permission.VIEW_CONVERSATIONS)
def media_file(conversation_id: int, message_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        attachment = _attachment(uow, conversation_id, message_id)
    return media.send(attachment)


@bp.post("/<int:conversation_id>/media/<int:message_id>/fetch-again")
@needs(Permission.CONVERSE)
def fetch_media_again(conversation_id: int, message_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        _attachment(uow, conversation_id, message_id)
        services.fetch_again(uow, message_id)
    return done("正在重新获取。", changed=f"conversation-{conversation_id}")


def _attachment(uow: UnitOfWork, conversation_id: int, message_id: int) -> Any:
    """Return the attachment; one of another conversation is the same as none."""
    attachment = queries.get(uow.session, message_id)
    if attachment.conversation_id != conversation_id:
        raise AttachmentNotFound(message_id=message_id)
    return attachment
