"""How a request about a department can be refused."""

from core.errors import ConflictError, InvalidInputError, NotFoundError


class DepartmentNotFound(NotFoundError):
    code = "department_not_found"


class DepartmentHasNoContact(ConflictError):
    """A unit without a named contact cannot be given a case."""

    code = "department_has_no_contact"


class DepartmentBelowItself(InvalidInputError):
    """A unit cannot stand below itself or below one of its own units."""

    code = "department_below_itself"
