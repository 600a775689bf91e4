"""Why an entry cannot be served or changed."""

from core.errors import ConflictError, InvalidInputError, NotFoundError


class EntryNotFound(NotFoundError):
    code = "entry_not_found"


class EntryNotPublished(ConflictError):
    code = "entry_not_published"


class AnswerRepealed(ConflictError):
    """The answer rests on a document that is no longer in force."""

    code = "answer_repealed"


class EntryIncomplete(InvalidInputError):
    """A published answer needs its text, its question forms and its source."""

    code = "entry_incomplete"
