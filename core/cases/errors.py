"""How a request about a case can be refused."""

from core.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError


class CaseNotFound(NotFoundError):
    """There is no such case, or not for whoever asks: which of them is not told."""

    code = "case_not_found"


class IllegalTransition(ConflictError):
    """The case is no longer in a state that allows the action."""

    code = "illegal_transition"


class StaleCase(ConflictError):
    """Somebody changed the case since the page was opened."""

    code = "stale_case"


class ContentMissing(InvalidInputError):
    code = "case_content_missing"


class ContactMissing(InvalidInputError):
    """Complaints and reports need a way to reach the citizen."""

    code = "case_contact_missing"


class PhoneInvalid(InvalidInputError):
    code = "case_phone_invalid"


class ReasonMissing(InvalidInputError):
    """This step must say why."""

    code = "case_reason_missing"


class DueDateTooLate(InvalidInputError):
    """A unit's date must lie within the date by which the citizen is answered."""

    code = "due_date_too_late"


class ReplyTooShort(InvalidInputError):
    code = "reply_too_short"


class ReviewerIsDrafter(NotAllowedError):
    """Nobody reviews an own draft."""

    code = "reviewer_is_drafter"


class NotYourUnit(NotAllowedError):
    """The case lies with another unit."""

    code = "not_your_unit"


class MayNotReturn(ConflictError):
    """The unit has returned the case once already, or was designated."""

    code = "may_not_return"


class AlreadyUrgedToday(ConflictError):
    code = "already_urged_today"


class AlreadyRated(ConflictError):
    code = "already_rated"


class InformationTooLong(InvalidInputError):
    code = "information_too_long"


class TooManyAdditions(ConflictError):
    """What has become a matter of its own is better opened as one."""

    code = "too_many_additions"


class PhotoNotFound(NotFoundError):
    code = "photo_not_found"


class TooManyPhotos(InvalidInputError):
    """More pictures than one form, or than one case, may have."""

    code = "too_many_photos"
