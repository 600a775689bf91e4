"""How a citizen is kept from a page, or from being taken for somebody else."""

from core.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError


class IdentityNotFound(NotFoundError):
    code = "identity_not_found"


class PageLinkSpent(NotAllowedError):
    """The link has ended, was opened elsewhere, or never was: which of them is not told."""

    code = "page_link_spent"


class LinkingCodeInvalid(InvalidInputError):
    """The code is wrong, has ended or has been used: which of them is not told."""

    code = "linking_code_invalid"


class OwnLinkingCode(InvalidInputError):
    """The code was entered where it was asked for."""

    code = "own_linking_code"


class AlreadyLinked(ConflictError):
    code = "already_linked"


class TooManyLinked(ConflictError):
    """Nobody has so many identities of their own."""

    code = "too_many_linked"


class NotLinked(ConflictError):
    code = "not_linked"
