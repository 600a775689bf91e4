"""How a request about a department can be refused."""

from core.errors import ConflictError, NotFoundError


class DepartmentNotFound(NotFoundError):
    code = "department_not_found"


class DepartmentHasNoContact(ConflictError):
    """A unit without a named contact cannot be given a case."""

    code = "department_has_no_contact"
