"""Why a model cannot be trained or brought back now."""

from core.errors import ConflictError, InvalidInputError, NotFoundError


class ReleaseNotFound(NotFoundError):
    code = "release_not_found"


class IllegalReleaseStep(ConflictError):
    """The release is no longer in a state that allows the step."""

    code = "illegal_release_step"


class ReleaseUnderway(ConflictError):
    """Another model is being trained or brought back."""

    code = "release_underway"


class ModelFileLost(ConflictError):
    """The file of this model is gone, so that it cannot be brought back."""

    code = "model_file_lost"


class RollbackReasonMissing(InvalidInputError):
    """Who brings an older model back says why."""

    code = "rollback_reason_missing"
