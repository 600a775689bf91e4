"""What the citizen sent about a matter, for those who may see its case."""

from flask.typing import ResponseReturnValue

from console import media
from console.cases.access import VIEWING, visible_case
from console.cases.views import bp
from console.context import operator, unit_of_work
from console.guard import needs
from core.cases import queries
from core.media.errors import AttachmentNotFound


@bp.get("/<number>/media/<int:message_id>")
@needs(*VIEWING)
def media_file(number: str, message_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        case = visible_case(uow, number, operator())
        for attachment in queries.attachments(uow.session, case.id):
            if attachment.message_id == message_id:
                return media.send(attachment)
    raise AttachmentNotFound(message_id=message_id)


@bp.get("/<number>/photos/<int:upload_id>")
@needs(*VIEWING)
def photo_file(number: str, upload_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        visible_case(uow, number, operator())
        return media.send_upload(queries.get_photo(uow.session, number, upload_id).upload)
