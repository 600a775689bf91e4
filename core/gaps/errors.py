"""What can be wrong with groups of open questions."""

from core.errors import ConflictError, InvalidInputError, NotFoundError


class GapGroupNotFound(NotFoundError):
    code = "gap_group_not_found"


class IllegalGapStep(ConflictError):
    """Somebody else has decided on the group, or it may not go this way."""

    code = "illegal_gap_step"


class NoQuestionChosen(InvalidInputError):
    code = "no_question_chosen"
