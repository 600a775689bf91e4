"""Who may enter. Every route names it, and one that names nothing lets nobody in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from console import sessions
from console.context import CurrentOperator, core
from core.operators.errors import PermissionMissing
from core.operators.permissions import Permission

_MARK = "desk_requirement"


@dataclass(frozen=True)
class Requirement:
    """Any one of `permissions` suffices; none named means that being signed in does."""

    permissions: frozenset[Permission] = frozenset()
    is_public: bool = False

    def admits(self, operator: CurrentOperator | None) -> bool:
        if self.is_public:
            return True
        if operator is None:
            return False
        return not self.permissions or operator.can_any(self.permissions)


def needs[View: Callable[..., Any]](*permissions: Permission) -> Callable[[View], View]:
    """Admit operators who have at least one of these permissions."""
    if not permissions:
        raise ValueError("name a permission, or use signed_in")
    return _marked(Requirement(frozenset(permissions)))


def signed_in[View: Callable[..., Any]](view: View) -> View:
    """Admit every operator, whatever the role."""
    return cast(View, _marked(Requirement())(view))


def open_to_all[View: Callable[..., Any]](view: View) -> View:
    """Admit everybody, on purpose: sign-in, health checks, citizens' pages."""
    return cast(View, _marked(Requirement(is_public=True))(view))


def _marked(requirement: Requirement) -> Callable[[Any], Any]:
    def mark(view: Any) -> Any:
        setattr(view, _MARK, requirement)
        return view

    return mark


def requirement_of(app: Flask, endpoint: str) -> Requirement | None:
    return cast(Requirement | None, getattr(app.view_functions.get(endpoint), _MARK, None))


def register(app: Flask) -> None:
    open_to_all(app.view_functions["static"])
    app.before_request(check)


def check() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # there is no such page
    requirement = requirement_of(current_app, request.endpoint)
    if requirement is not None and requirement.is_public:
        return None
    g.operator = sessions.find_operator(core())
    if g.operator is None:
        return _to_sign_in()
    if requirement is None:
        abort(403)
    if not requirement.admits(g.operator):
        raise PermissionMissing(permission=", ".join(sorted(requirement.permissions)))
    return None


def _to_sign_in() -> ResponseReturnValue:
    is_fragment = "HX-Request" in request.headers
    page = _current_page() if is_fragment else request.full_path.rstrip("?")
    # After a lost session a form must not be sent again by signing in.
    can_return = is_fragment or request.method == "GET"
    target = url_for("sign_in.enter", next=page) if can_return else url_for("sign_in.enter")
    if is_fragment or request.accept_mimetypes.best == "text/event-stream":
        answer = make_response("", 401)
        answer.headers["HX-Redirect"] = target
        return answer
    return redirect(target)


def _current_page() -> str:
    """Return the page in which the fragment was asked for."""
    address = urlsplit(request.headers.get("HX-Current-URL", ""))
    return f"{address.path}?{address.query}" if address.query else address.path or "/"
