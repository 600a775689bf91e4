"""What operators do in a conversation. The page learns the outcome as it learns everything new."""

from http import HTTPStatus

from flask import request
from flask.typing import ResponseReturnValue

from console.addresses import row_number
from console.context import operator, settings, unit_of_work
from console.desk.views import bp
from console.guard import needs
from console.notices import done
from core.citizens import services as citizens
from core.conversations import queries, services
from core.operators.permissions import Permission


@bp.post("/<int:conversation_id>/take-over")
@needs(Permission.CONVERSE)
def take_over(conversation_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        services.take_over(uow, conversation_id, operator_id=operator().id)
    return done("已接入，请开始接待。", changed=_topic(conversation_id))


@bp.post("/<int:conversation_id>/reply")
@needs(Permission.CONVERSE)
def reply(conversation_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        services.say_as_operator(
            uow,
            conversation_id,
            operator_id=operator().id,
            text=request.form.get("text", ""),
            client_key=_client_key(),
        )
    return done(changed=_topic(conversation_id))


@bp.post("/<int:conversation_id>/note")
@needs(Permission.CONVERSE)
def note(conversation_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        services.add_note(
            uow,
            conversation_id,
            operator_id=operator().id,
            text=request.form.get("text", ""),
            client_key=_client_key(),
        )
    return done(changed=_topic(conversation_id))


@bp.post("/<int:conversation_id>/hand-back")
@needs(Permission.CONVERSE)
def hand_back(conversation_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        services.hand_back(uow, conversation_id, operator_id=operator().id)
    return done("已交还智能助手。", changed=_topic(conversation_id))


@bp.post("/<int:conversation_id>/pass-on")
@needs(Permission.CONVERSE)
def pass_on(conversation_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        services.pass_on(uow, conversation_id, operator_id=operator().id)
    return done("已转回等待队列，请同事接手。", changed=_topic(conversation_id))


@bp.post("/<int:conversation_id>/close")
@needs(Permission.CONVERSE)
def close(conversation_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        services.close_conversation(uow, conversation_id, operator_id=operator().id)
    return done("会话已结束。", changed=_topic(conversation_id))


@bp.post("/<int:conversation_id>/messages/<int:message_id>/send-again")
@needs(Permission.CONVERSE)
def send_again(conversation_id: int, message_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        services.send_again(uow, message_id, operator_id=operator().id)
    return done("已重新发送。", changed=_topic(conversation_id))


@bp.post("/<int:conversation_id>/typing")
@needs(Permission.CONVERSE)
def typing(conversation_id: int) -> ResponseReturnValue:
    """The citizen sees that somebody is writing, as far as the platform shows that."""
    with unit_of_work() as uow:
        services.note_typing(uow, conversation_id, operator_id=operator().id)
    return "", HTTPStatus.NO_CONTENT


@bp.post("/<int:conversation_id>/seen")
@needs(Permission.CONVERSE)
def seen(conversation_id: int) -> ResponseReturnValue:
    """Remember up to where the one who holds the conversation has looked."""
    up_to_seq = request.form.get("up_to_seq", 0, type=row_number)
    with unit_of_work() as uow:
        if queries.get(uow.session, conversation_id).operator_id == operator().id:
            services.mark_seen(uow, conversation_id, up_to_seq=up_to_seq)
    return done(changed="conversation")


@bp.post("/<int:conversation_id>/entrance")
@needs(Permission.CONVERSE)
def send_entrance(conversation_id: int) -> ResponseReturnValue:
    """Send the citizen the way to the own cases."""
    with unit_of_work() as uow:
        citizens.send_entrance(
            uow,
            conversation_id,
            operator_id=operator().id,
            web_login_accounts=settings().web_login_accounts,
        )
    return done("已发送“我的办件”链接。", changed=_topic(conversation_id))


@bp.post("/<int:conversation_id>/linking")
@needs(Permission.CONVERSE)
def propose_linking(conversation_id: int) -> ResponseReturnValue:
    """Ask the citizen to link other channels; only the citizen can do it."""
    with unit_of_work() as uow:
        citizens.propose_linking(
            uow,
            conversation_id,
            operator_id=operator().id,
            web_login_accounts=settings().web_login_accounts,
        )
    return done("已邀请市民关联渠道。", changed=_topic(conversation_id))


def _topic(conversation_id: int) -> str:
    return f"conversation-{conversation_id}"


def _client_key() -> str | None:
    return request.form.get("client_key", "")[:40] or None
