"""Coming in, going out, and taking or leaving duty."""

from datetime import timedelta

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from console import notices, sessions
from console.context import core, operator, settings, unit_of_work
from console.errors import words_for
from console.guard import needs, open_to_all, signed_in
from console.rate_limits import RateLimit
from core.errors import DomainError
from core.operators import services
from core.operators.permissions import Permission

bp = Blueprint("sign_in", __name__, template_folder="templates")


@bp.get("/sign-in")
@open_to_all
def enter() -> ResponseReturnValue:
    if sessions.find_operator(core()) is not None:
        return redirect(_wanted_page())
    return render_template("sign_in/enter.html", refusal="", login="")


@bp.post("/sign-in")
@open_to_all
def check() -> ResponseReturnValue:
    address = request.remote_addr or "unknown"
    if not _rate_limit().allows(address):
        abort(429)
    login = request.form.get("login", "").strip()
    with unit_of_work() as uow:
        result = services.sign_in(
            uow,
            login=login,
            password=request.form.get("password", ""),
            address=address,
            attempts=settings().sign_in_attempts,
            lock=timedelta(minutes=settings().sign_in_lock_minutes),
        )
    if isinstance(result, DomainError):
        return render_template("sign_in/enter.html", refusal=words_for(result), login=login), 401
    sessions.begin(result.id, result.session_version)
    return redirect(_wanted_page())


@bp.post("/sign-out")
@signed_in
def leave() -> ResponseReturnValue:
    """End this session and every other one of the operator."""
    with unit_of_work() as uow:
        services.sign_out(uow, operator().id)
    sessions.end()
    notices.tell("您已安全退出，所有设备上的登录均已失效。", level="info")
    return redirect(url_for(".enter"))


@bp.post("/duty")
@needs(Permission.CONVERSE)
def set_duty() -> ResponseReturnValue:
    is_on_duty = request.form.get("is_on_duty") == "yes"
    with unit_of_work() as uow:
        services.set_duty(uow, operator().id, is_on_duty=is_on_duty)
    notices.tell("已上线接待。" if is_on_duty else "已暂停接待。")
    return redirect(_wanted_page())


def _wanted_page() -> str:
    """Return where the operator was going, if that is a page of ours."""
    page = request.args.get("next") or request.form.get("next") or "/"
    is_ours = page.startswith("/") and not page.startswith(("//", "/\\"))
    return page if is_ours else "/"


def _rate_limit() -> RateLimit:
    limit = current_app.extensions.get("sign_in_limit")
    if not isinstance(limit, RateLimit):
        limit = RateLimit(
            current_app.extensions["redis"],
            name="sign-in",
            per_minute=settings().sign_ins_per_minute,
        )
        current_app.extensions["sign_in_limit"] = limit
    return limit
