"""How something about citizens' media can be refused."""

from core.errors import ConflictError, InvalidInputError, NotFoundError


class AttachmentNotFound(NotFoundError):
    code = "attachment_not_found"


class IllegalMediaStep(ConflictError):
    """The attachment is no longer in a state that allows this."""

    code = "illegal_media_step"


class ContentRefused(InvalidInputError):
    """The bytes are not what they are said to be; `reason` is one of `Refusal`."""

    code = "content_refused"
