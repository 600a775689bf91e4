"""Broken rules. Each program decides how its own people hear about them."""

from typing import ClassVar


class DomainError(Exception):
    """A rule was broken; nothing is wrong with the program.

    `code` is stable: programs choose status codes and wording by it. The
    message is for logs. Facts are keyword arguments, kept on `details`.
    """

    code: ClassVar[str] = "domain_error"

    def __init__(self, **details: str | int | None) -> None:
        self.details = details
        facts = ", ".join(f"{name}={value!r}" for name, value in details.items())
        super().__init__(f"{self.code}({facts})")


class NotFoundError(DomainError):
    """What was asked for is not there, or not there for whoever asks."""

    code = "not_found"


class NotAllowedError(DomainError):
    """The one who asks may not do this."""

    code = "not_allowed"


class ConflictError(DomainError):
    """The request was right a moment ago; someone else got there first."""

    code = "conflict"


class InvalidInputError(DomainError):
    """What was entered cannot be meant like this."""

    code = "invalid_input"
