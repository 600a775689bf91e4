"""What those who look after the accounts do."""

from flask import abort, request
from flask.typing import ResponseReturnValue

from console.addresses import row_number
from console.channels.views import bp, channel_named
from console.context import operator, unit_of_work
from console.guard import needs
from console.notices import done
from core.channels import queries, services
from core.channels.states import AlarmCode
from core.conversations.services import send_again
from core.conversations.services.resending import send_all_again
from core.events import operator_actor
from core.operators.permissions import Permission

TOPIC = "channel"


@bp.post("/alarms/<int:alarm_id>/acknowledge")
@needs(Permission.MANAGE_CHANNELS)
def acknowledge(alarm_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        services.acknowledge_alarm(uow, alarm_id, operator_id=operator().id)
    return done("已确认，由您跟进处理。", changed=TOPIC)


@bp.post("/alarms/<int:alarm_id>/close")
@needs(Permission.MANAGE_CHANNELS)
def close(alarm_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        services.close_alarm(uow, alarm_id, operator_id=operator().id)
    return done("告警已解除；问题再次出现时会重新告警。", changed=TOPIC)


@bp.post("/<channel>/<account>/owner")
@needs(Permission.MANAGE_CHANNELS)
def assign_owner(channel: str, account: str) -> ResponseReturnValue:
    chosen = request.form.get("department_id", "")
    if chosen and not chosen.isdecimal():
        abort(400)
    department_id = row_number(chosen) or None
    with unit_of_work() as uow:
        services.assign_owner(
            uow,
            channel_named(channel),
            account,
            department_id=department_id,
            actor=operator_actor(operator().id),
        )
    return done("归口单位已保存。", changed=TOPIC)


@bp.post("/<channel>/<account>/clear-passive-only")
@needs(Permission.MANAGE_CHANNELS)
def clear_passive_only(channel: str, account: str) -> ResponseReturnValue:
    name, actor = channel_named(channel), operator_actor(operator().id)
    with unit_of_work() as uow:
        services.clear_passive_only(uow, name, account, actor=actor)
        for code in (AlarmCode.PASSIVE_ONLY, AlarmCode.ACCOUNT_LIMITED):
            services.resolve_alarm(uow, name, account, code, actor=actor)
    return done("已恢复主动发送；平台再次拒绝时会重新标记。", changed=TOPIC)


@bp.post("/<channel>/<account>/send-again")
@needs(Permission.MANAGE_CHANNELS)
def send_all(channel: str, account: str) -> ResponseReturnValue:
    with unit_of_work() as uow:
        found = queries.get(uow.session, channel_named(channel), account)
        count = send_all_again(uow, found.channel, found.account, operator_id=operator().id)
    words = f"正在重新发送 {count} 条消息。" if count else "没有可以重新发送的消息。"
    return done(words, changed=TOPIC)


@bp.post("/messages/<int:message_id>/send-again")
@needs(Permission.MANAGE_CHANNELS)
def send_one(message_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        send_again(uow, message_id, operator_id=operator().id)
    return done("正在重新发送。", changed=TOPIC)
