"""What can be wrong with an erasure."""

from core.errors import InvalidInputError, NotFoundError


class ErasureNotFound(NotFoundError):
    code = "erasure_not_found"


class ErasureNoteMissing(InvalidInputError):
    """The legal check says what it rests on."""

    code = "erasure_note_missing"
