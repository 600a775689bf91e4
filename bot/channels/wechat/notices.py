"""Notices about a case, in the three forms WeChat has for them outside the reply window."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from bot.channels.base import NoticeOffer
from config.accounts import NoticeTemplate, Right, WeChatAccount
from core.conversations.states import DeliveryWay
from core.messaging import CaseNotice

DEFAULT = "default"
ONE_TIME_TITLE_CHARACTERS = 15
ONE_TIME_CONTENT_CHARACTERS = 200

Answer = dict[str, Any]


class Calls(Protocol):
    def call(self, ask: Callable[[Any], Any]) -> Answer: ...


def offers(account: WeChatAccount, kind: str) -> Sequence[NoticeOffer]:
    """Return the ways the account has the right and a template for, the gentlest first."""
    ways = (
        (Right.SUBSCRIPTION_NOTICE, account.subscription_templates),
        (Right.TEMPLATE_MESSAGE, account.message_templates),
    )
    found = [
        _offer(DeliveryWay(right.value), template)
        for right, templates in ways
        if right in account.rights
        and (template := templates.get(kind) or templates.get(DEFAULT)) is not None
    ]
    if Right.ONE_TIME_SUBSCRIPTION in account.rights and account.one_time_template:
        found.append(NoticeOffer(DeliveryWay.ONE_TIME_NOTICE, account.one_time_template, {}))
    return found


def _offer(way: DeliveryWay, template: NoticeTemplate) -> NoticeOffer:
    is_subscription = way is DeliveryWay.SUBSCRIPTION_NOTICE
    return NoticeOffer(
        way,
        template.id,
        template.fields,
        needs_consent=is_subscription,
        is_long_term=is_subscription and template.is_long_term,
    )


def send(calls: Calls, openid: str, notice: CaseNotice, offer: NoticeOffer, *, scene: str) -> str:
    """Send the notice; return what later events call it, or raise WeChatApiError."""
    path, body = _request(notice, offer, scene)
    answer = calls.call(
        lambda client: client.post(
            path, data={"touser": openid, "template_id": offer.template_id} | body
        )
    )
    # 订阅通知 gives no id: its end is told with the template's.
    return str(answer.get("msgid") or f"template:{offer.template_id}")


def _request(notice: CaseNotice, offer: NoticeOffer, scene: str) -> tuple[str, dict[str, Any]]:
    data = {field: {"value": notice.facts.get(fact, "")} for field, fact in offer.fields.items()}
    if offer.way is DeliveryWay.SUBSCRIPTION_NOTICE:
        return "message/subscribe/bizsend", {"page": notice.url, "data": data}
    if offer.way is DeliveryWay.TEMPLATE_MESSAGE:
        return "message/template/send", {"url": notice.url, "data": data}
    what, title = notice.facts.get("what", ""), notice.facts.get("title", "")
    content = f"工单 {notice.facts.get('number', '')}（{title}）{what}，点击查看。"
    return "message/template/subscribe", {
        "url": notice.url,
        "scene": scene or "0",
        "title": f"工单{what}"[:ONE_TIME_TITLE_CHARACTERS],
        "data": {"content": {"value": content[:ONE_TIME_CONTENT_CHARACTERS]}},
    }
