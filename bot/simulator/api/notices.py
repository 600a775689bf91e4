"""Notices about something a citizen does not wait for: template messages and subscriptions."""

from typing import Any

from bot.simulator import payloads
from bot.simulator.api.gate import OK, Answer, ApiCall
from bot.simulator.citizens import Citizen
from bot.simulator.errors import ApiError
from bot.simulator.payloads import Payload
from config.accounts import Right

LONGEST_FIELD = 20
LONGEST_CONTENT = 200


async def send_template(call: ApiCall) -> Answer:
    """/cgi-bin/message/template/send: overlong fields are cut without a word."""
    citizen, said = _addressed(call, Right.TEMPLATE_MESSAGE)
    fields = {name: value[:LONGEST_FIELD] for name, value in _fields(said).items()}
    msgid = call.wechat.next_notice_id()
    status = "failed:user block" if citizen.blocks_notices else "success"
    if not citizen.blocks_notices:
        await _show(call, citizen, "template", fields, str(said.get("url", "")))
    _tell(call, citizen, payloads.template_ended(msgid, status))
    return dict(OK) | {"msgid": msgid}


async def send_subscription(call: ApiCall) -> Answer:
    """/cgi-bin/message/subscribe/bizsend: one notice for each consent."""
    citizen, said = _addressed(call, Right.SUBSCRIPTION_NOTICE)
    fields, template_id = _fields(said), str(said["template_id"])
    for name, value in fields.items():
        if not value or len(value) > LONGEST_FIELD:
            raise ApiError(47003, field=name)
    _use_consent(citizen, template_id)
    status = "failed:user block" if citizen.blocks_notices else "success"
    if not citizen.blocks_notices:
        await _show(call, citizen, "subscription", fields, str(said.get("page", "")))
    msgid = call.wechat.next_notice_id()
    _tell(call, citizen, payloads.subscription_ended(template_id, msgid, status))
    return OK


async def send_once(call: ApiCall) -> Answer:
    """/cgi-bin/message/template/subscribe: 一次性订阅消息."""
    citizen, said = _addressed(call, Right.ONE_TIME_SUBSCRIPTION)
    content = _fields(said).get("content", "")
    if not content or len(content) > LONGEST_CONTENT:
        raise ApiError(47003, field="content")
    _use_consent(citizen, str(said["template_id"]))
    await _show(call, citizen, "one_time", {"content": content}, str(said.get("url", "")))
    return OK


def _addressed(call: ApiCall, right: Right) -> tuple[Citizen, dict[str, Any]]:
    said = call.json()
    if not call.token_account.may(right):
        raise ApiError(48001)
    call.openid = str(said.get("touser", ""))
    citizen = call.wechat.citizens.find(call.openid)
    if citizen is None or citizen.account_key != call.token_account.key:
        raise ApiError(40003)
    if not citizen.is_following:
        raise ApiError(43004)
    if not said.get("template_id"):
        raise ApiError(40037)
    return citizen, said


def _fields(said: dict[str, Any]) -> dict[str, str]:
    data = said.get("data")
    if not isinstance(data, dict) or not all(isinstance(each, dict) for each in data.values()):
        raise ApiError(47001)
    return {name: str(each.get("value", "")) for name, each in data.items()}


def _use_consent(citizen: Citizen, template_id: str) -> None:
    if citizen.consents[template_id] < 1:
        raise ApiError(43101)
    citizen.consents[template_id] -= 1


async def _show(
    call: ApiCall, citizen: Citizen, kind: str, fields: dict[str, str], url: str
) -> None:
    text = "\n".join(fields.values())
    call.wechat.tally["notices"] += 1
    await call.wechat.show_message(citizen.openid, kind, text, {"fields": fields, "url": url})


def _tell(call: ApiCall, citizen: Citizen, payload: Payload) -> None:
    call.wechat.run(call.wechat.tell(citizen.openid, payload))
