"""Whether the citizen wants to be told of a case's progress: asked by WeChat, shown and taken back.

一次性订阅: WeChat asks on a page of its own and sends the browser back; one yes is one notice.
"""

import hmac
import secrets
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from config.accounts import Right, WeChatAccount
from console.citizen import limits, visitors, words
from console.citizen.mine import account_name
from console.citizen.views import bp
from console.context import settings, unit_of_work
from console.guard import open_to_all
from core.conversations import queries
from core.conversations.services import record_consent
from core.messaging import ChannelName

# The platform takes letters and digits.
STATE_BYTES = 20
SCENE = "1"
CONFIRMED = "confirm"
_ASKED = "notice_asked"


@bp.get("/mine/notices")
@open_to_all
def progress_notices() -> ResponseReturnValue:
    with unit_of_work() as uow:
        identity = visitors.find(uow)
        if identity is None:
            return redirect(url_for(".mine"))
        account = _account(identity)
        found = [
            queries.find_consent(uow.session, identity.id, template_id)
            for template_id in _templates(account)
        ]
        return render_template(
            "citizen/notices.html",
            account_name=account_name(identity),
            granted=[each for each in found if each is not None and each.is_granted],
            may_ask=_one_time_template(account) is not None,
        )


@bp.post("/mine/notices/ask")
@open_to_all
def ask_for_notice() -> ResponseReturnValue:
    """Send the browser to WeChat's own page, which asks the citizen."""
    with unit_of_work() as uow:
        identity = visitors.find(uow)
    if identity is None:
        return redirect(url_for(".mine"), HTTPStatus.SEE_OTHER)
    account = _account(identity)
    template_id = _one_time_template(account)
    if account is None or template_id is None:
        abort(HTTPStatus.NOT_FOUND)
    if not limits.allows("entries-of-address", request.remote_addr or "unknown"):
        flash(words.refusal("too_often_entered"), "citizen")
        return redirect(url_for(".progress_notices"), HTTPStatus.SEE_OTHER)
    state = secrets.token_hex(STATE_BYTES)
    session[_ASKED] = {"state": state, "identity_id": identity.id, "template_id": template_id}
    back_to = settings().public_url.rstrip("/") + url_for(".notice_answered")
    query = urlencode(
        {
            "action": "get_confirm",
            "appid": account.app_id,
            "scene": SCENE,
            "template_id": template_id,
            "redirect_url": back_to,
            "reserved": state,
        },
        quote_via=quote,
    )
    address = f"{settings().wechat_mp_url.rstrip('/')}/mp/subscribemsg?{query}#wechat_redirect"
    return redirect(address, HTTPStatus.SEE_OTHER)


@bp.get("/mine/notices/answered")
@open_to_all
def notice_answered() -> ResponseReturnValue:
    """Take the citizen's answer once, from the very browser that was sent to be asked."""
    asked = session.pop(_ASKED, None) or {}
    told = request.args
    is_ours = bool(asked) and hmac.compare_digest(
        str(asked["state"]).encode(), told.get("reserved", "").encode()
    )
    with unit_of_work() as uow:
        identity = visitors.find(uow)
        is_same = (
            identity is not None
            and is_ours
            and (
                identity.id == asked["identity_id"]
                and identity.platform_id == told.get("openid")
                and asked["template_id"] == told.get("template_id")
            )
        )
        is_granted = is_same and told.get("action") == CONFIRMED
        if is_granted:
            template_id = asked["template_id"]
            record_consent(uow, identity, template_id, is_granted=True, scene=SCENE)
    outcome = "notice_wanted" if is_granted else "notice_not_asked" if is_same else "notice_stray"
    flash(words.refusal(outcome), "citizen")
    return redirect(url_for(".progress_notices"), HTTPStatus.SEE_OTHER)


@bp.post("/mine/notices/stop")
@open_to_all
def stop_notices() -> ResponseReturnValue:
    with unit_of_work() as uow:
        identity = visitors.find(uow)
        if identity is None:
            return redirect(url_for(".mine"), HTTPStatus.SEE_OTHER)
        for template_id in _templates(_account(identity)):
            if queries.find_consent(uow.session, identity.id, template_id) is not None:
                record_consent(uow, identity, template_id, is_granted=False)
    flash(words.refusal("notices_stopped"), "citizen")
    return redirect(url_for(".progress_notices"), HTTPStatus.SEE_OTHER)


def _account(identity: Any) -> WeChatAccount | None:
    is_wechat = identity.channel is ChannelName.WECHAT
    return settings().wechat.get(identity.account) if is_wechat else None


def _one_time_template(account: WeChatAccount | None) -> str | None:
    if account is None or Right.ONE_TIME_SUBSCRIPTION not in account.rights:
        return None
    return account.one_time_template or None


def _templates(account: WeChatAccount | None) -> Sequence[str]:
    """Return the templates that go out on consent only."""
    if account is None:
        return ()
    by_subscription = {each.id for each in account.subscription_templates.values()}
    return sorted(by_subscription | ({account.one_time_template} - {""}))
