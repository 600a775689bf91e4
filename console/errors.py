"""How the console answers when something is refused: one status, one sentence, two shapes."""

import json
import logging
from http import HTTPStatus
from typing import Any

from flask import Flask, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from console import wording
from console.context import unit_of_work
from console.sessions import BACKGROUND_HEADER
from core.errors import (
    ConflictError,
    DomainError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
)
from core.operators import queries as operators
from core.unit_of_work import StoreFailed

logger = logging.getLogger(__name__)

STATUS_BY_KIND = {
    NotFoundError: HTTPStatus.NOT_FOUND,
    NotAllowedError: HTTPStatus.FORBIDDEN,
    ConflictError: HTTPStatus.CONFLICT,
    InvalidInputError: HTTPStatus.UNPROCESSABLE_ENTITY,
}


def register(app: Flask) -> None:
    app.register_error_handler(DomainError, show_broken_rule)
    app.register_error_handler(CSRFError, show_stale_form)
    app.register_error_handler(StoreFailed, show_outage)
    app.register_error_handler(HTTPException, show_refusal)


def status_of(error: DomainError) -> HTTPStatus:
    for kind, status in STATUS_BY_KIND.items():
        if isinstance(error, kind):
            return status
    return HTTPStatus.UNPROCESSABLE_ENTITY


def words_for(error: DomainError) -> str:
    """Say in Chinese what was refused; screens that show it beside a field use this too."""
    facts: dict[str, Any] = dict(error.details)
    if facts.get("operator_id") is not None:
        facts["operator"] = _name_of(facts["operator_id"])
    if "seconds" in facts:
        facts["minutes"] = -(-facts["seconds"] // 60)
    return wording.say(error.code, **facts) or wording.errors()["domain_error"]


def show_broken_rule(error: DomainError) -> ResponseReturnValue:
    logger.info("refused", extra={"code": error.code, "endpoint": request.endpoint})
    return _answer(words_for(error), status_of(error))


def show_stale_form(error: CSRFError) -> ResponseReturnValue:
    return _answer(wording.errors()["csrf"], HTTPStatus.BAD_REQUEST)


def show_outage(error: StoreFailed) -> ResponseReturnValue:
    logger.error("the store failed", exc_info=error, extra={"endpoint": request.endpoint})
    g.operator = None  # the menu asks the store as well
    return _answer(wording.errors()["http_503"], HTTPStatus.SERVICE_UNAVAILABLE)


def show_refusal(error: HTTPException) -> ResponseReturnValue:
    code = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if code < HTTPStatus.BAD_REQUEST:
        return error  # a redirect
    text = wording.say(f"http_{code}") or wording.errors()["domain_error"]
    return _answer(text, HTTPStatus(code))


def _answer(text: str, status: HTTPStatus) -> ResponseReturnValue:
    if BACKGROUND_HEADER in request.headers:
        # Nobody asked for it: telling would disturb, and catching up would ask again.
        return "", status
    if "HX-Request" in request.headers:
        answer = make_response("", status)
        # What was refused may rest on an old picture: let the page catch up.
        told = {"toast": {"text": text, "level": "error"}, "live:catch-up": True}
        answer.headers["HX-Trigger"] = json.dumps(told)
        return answer
    if request.accept_mimetypes.best == "application/json":
        return {"error": text}, status
    return render_template("error.html", text=text, status=status.value), status


def _name_of(operator_id: int) -> str:
    with unit_of_work() as uow:
        return operators.names(uow.session, [operator_id]).get(operator_id, "")
