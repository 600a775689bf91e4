"""How somebody is kept from signing in or from doing something."""

from core.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError


class OperatorNotFound(NotFoundError):
    code = "operator_not_found"


class WrongCredentials(NotAllowedError):
    """Login or password is wrong; which of them is not told."""

    code = "wrong_credentials"


class SignInLocked(NotAllowedError):
    """Too many wrong passwords in a row: wait."""

    code = "sign_in_locked"


class PermissionMissing(NotAllowedError):
    code = "permission_missing"


class LoginTaken(ConflictError):
    code = "login_taken"


class PasswordTooWeak(InvalidInputError):
    code = "password_too_weak"
