"""How a request about an account of the office can be refused."""

from core.errors import ConflictError, NotFoundError


class AccountNotFound(NotFoundError):
    code = "account_not_found"


class AlarmNotFound(NotFoundError):
    code = "alarm_not_found"


class AlarmIsOver(ConflictError):
    """Somebody has dealt with it, or its cause has gone by itself."""

    code = "alarm_is_over"
