"""Citizens come in: named by WeChat, or by a link that was sent into their own chat."""

import hmac
import secrets
from http import HTTPStatus
from typing import Any, cast

from flask import Response, abort, current_app, redirect, render_template, request, session, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from config.accounts import WeChatAccount
from console.citizen import limits, visitors, words
from console.citizen.views import bp
from console.citizen.wechat_login import Trouble, WebLogin, authorize_address
from console.context import settings, unit_of_work
from console.guard import open_to_all
from core.citizens import services
from core.citizens.errors import PageLinkSpent
from core.messaging import ChannelAddress, ChannelName

# WeChat takes 128 letters and digits at most.
STATE_BYTES = 20
MOST_ROUNDS = 3
MAX_CODE = 512
FIRST_PAGE = "/c/mine"
_LOGIN = "wechat_login"


@bp.get("/enter/<account>")
@open_to_all
def enter_by_wechat(account: str) -> ResponseReturnValue:
    """Send the browser to WeChat, which sends it back with a code that names the citizen."""
    known = _account(account)
    if not limits.allows("entries-of-address", request.remote_addr or "unknown"):
        return _trouble("too_often_entered", HTTPStatus.TOO_MANY_REQUESTS)
    rounds = request.args.get("again", 0, type=int)
    if rounds >= MOST_ROUNDS:
        return _trouble("entering_goes_round", HTTPStatus.CONFLICT)
    state = secrets.token_hex(STATE_BYTES)
    session[_LOGIN] = {
        "state": state,
        "account": account,
        "next": own_page(request.args.get("next")),
        "rounds": rounds,
    }
    back_to = settings().public_url.rstrip("/") + url_for(".entered_by_wechat", account=account)
    return redirect(
        authorize_address(settings().wechat_open_url, known, back_to=back_to, state=state)
    )


@bp.get("/entered/<account>")
@open_to_all
def entered_by_wechat(account: str) -> ResponseReturnValue:
    """Take the code that WeChat sent along, and lead on to an address without it.

    A code that this very browser has not asked for is nobody's: who opened a shared
    address, or was sent here by a stranger, is asked anew who they are.
    """
    known = _account(account)
    asked = session.pop(_LOGIN, None) or {}
    state, code = request.args.get("state", ""), request.args.get("code", "")
    is_ours = asked.get("account") == account and hmac.compare_digest(
        str(asked.get("state", "")).encode(), state.encode()
    )
    if not is_ours or not 0 < len(code) <= MAX_CODE:
        return _again(account, asked)
    if not limits.allows("entries-of-address", request.remote_addr or "unknown"):
        return _trouble("too_often_entered", HTTPStatus.TOO_MANY_REQUESTS)
    told = _web_login().exchange(known, code)
    if told is Trouble.SPENT_CODE:
        return _again(account, asked)
    if isinstance(told, Trouble):
        is_away = told is Trouble.AWAY
        status = HTTPStatus.SERVICE_UNAVAILABLE if is_away else HTTPStatus.FORBIDDEN
        return _trouble(f"entering_{told.value}", status, again=is_away and account)
    with unit_of_work() as uow:
        identity = services.enter_pages(
            uow, ChannelAddress(ChannelName.WECHAT, account, told.openid)
        )
    visitors.begin(identity)
    return redirect(own_page(asked.get("next")), HTTPStatus.SEE_OTHER)


@open_to_all
def prove_domain(mark: str) -> ResponseReturnValue:
    """Serve the file by which WeChat sees that this domain is the account's; no other one."""
    file = f"MP_verify_{mark}.txt"
    if file not in {account.domain_file for account in settings().wechat.values()}:
        abort(HTTPStatus.NOT_FOUND)
    return Response(mark, mimetype="text/plain")


@bp.record_once
def _at_the_root(state: BlueprintSetupState) -> None:
    state.app.add_url_rule(
        "/MP_verify_<mark>.txt", endpoint="citizen.prove_domain", view_func=prove_domain
    )


@bp.get("/go/<token>")
@open_to_all
def offered_link(token: str) -> ResponseReturnValue:
    """Ask before the link is used: chats look into addresses ahead of their people."""
    return render_template(
        "citizen/link.html", token=token, next=own_page(request.args.get("next"))
    )


@bp.post("/go/<token>")
@open_to_all
def open_link(token: str) -> ResponseReturnValue:
    if not limits.allows("links-of-address", request.remote_addr or "unknown"):
        return _trouble("too_often_entered", HTTPStatus.TOO_MANY_REQUESTS)
    mark = visitors.browser()
    try:
        with unit_of_work() as uow:
            identity = services.open_page_link(uow, token, browser=mark)
    except PageLinkSpent as error:
        return _trouble(error.code, HTTPStatus.GONE)
    visitors.begin(identity)
    return redirect(own_page(request.form.get("next")), HTTPStatus.SEE_OTHER)


def own_page(wanted: object) -> str:
    """Return the page that was wanted if it is one of the citizens' own, else the first one."""
    page = str(wanted or "")
    is_ours = page.startswith("/c/") and page.isascii() and page.isprintable()
    return page if is_ours and not {"\\", "//", ".."} & _pieces(page) else FIRST_PAGE


def _pieces(page: str) -> set[str]:
    return {piece for piece in ("\\", "//", "..") if piece in page}


def _again(account: str, asked: dict[str, Any]) -> ResponseReturnValue:
    """Ask WeChat once more, but not for ever: a browser without cookies never gets through."""
    rounds = max(request.args.get("again", 0, type=int), int(asked.get("rounds", 0))) + 1
    return redirect(
        url_for(".enter_by_wechat", account=account, again=rounds, next=own_page(asked.get("next")))
    )


def _account(name: str) -> WeChatAccount:
    if name not in settings().web_login_accounts:
        abort(HTTPStatus.NOT_FOUND)
    return settings().wechat[name]


def _trouble(code: str, status: HTTPStatus, *, again: str | bool = "") -> ResponseReturnValue:
    page = render_template("citizen/not_entered.html", text=words.refusal(code), again=again)
    return page, status


def _web_login() -> WebLogin:
    held = current_app.extensions.get("web_login")
    if held is None:
        held = current_app.extensions["web_login"] = WebLogin(settings().wechat_api_url)
    return cast(WebLogin, held)
