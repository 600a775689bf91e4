"""Why an entry cannot be served or changed."""

from core.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError


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


class EntryIsForPeople(ConflictError):
    """The matter is known, but the office lets only people answer it."""

    code = "entry_is_for_people"


class SlugTaken(ConflictError):
    code = "slug_taken"


class SlugInvalid(InvalidInputError):
    code = "slug_invalid"


class ChangeNotFound(NotFoundError):
    code = "change_not_found"


class ImportNotFound(NotFoundError):
    """The file was taken in already, or another one came after it."""

    code = "import_not_found"


class IllegalChangeStep(ConflictError):
    """The change is no longer in a state that allows the step."""

    code = "illegal_change_step"


class StaleChange(ConflictError):
    """The draft was saved elsewhere since it was opened."""

    code = "stale_change"


class EntryChangedMeanwhile(ConflictError):
    """The change was made on a version that is no longer the live one."""

    code = "entry_changed_meanwhile"


class ChangeUnderway(ConflictError):
    """Another change of the entry is approved and not yet live."""

    code = "change_underway"


class NothingChanged(ConflictError):
    """The proposed content is what is live already."""

    code = "nothing_changed"


class NotYourChange(NotAllowedError):
    """Only the author goes on with a draft."""

    code = "not_your_change"


class ReviewerIsAuthor(NotAllowedError):
    """Nobody approves an own change."""

    code = "reviewer_is_author"


class ReviewNoteMissing(InvalidInputError):
    """Who returns a change says why."""

    code = "review_note_missing"
