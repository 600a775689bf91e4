"""Conversations in the states an operator meets them in."""

from typing import Any

from core.bootstrap import Core
from core.conversations import queries, services
from core.conversations.models import Message
from core.conversations.services import Reply
from core.conversations.states import HandoffReason
from core.messaging import ChannelAddress, Choice
from tests.builders import a_message, an_address

FAQ_REASON: dict[str, Any] = {
    "kind": "faq",
    "slug": "id_card_loss",
    "question": "身份证丢了怎么补领？",
    "version": 3,
    "documents": [{"document": "中华人民共和国居民身份证法", "article": "第十一条"}],
}
UNDERSTANDING: dict[str, Any] = {
    "intent": "faq/id_card_loss",
    "confidence": 0.94,
    "nearest": [
        {"text": "我的身份证丢了", "label": "faq/id_card_loss", "likeness": 0.92},
    ],
    "also_asked": ["faq/id_card_loss"],
    "ranking": [
        {"intent": "faq/id_card_loss", "confidence": 0.94},
        {"intent": "request_human", "confidence": 0.04},
    ],
    "entities": [{"entity": "case_number", "value": "WZ202603020001"}],
    "model": "2026-02-27",
}


class Talk:
    """One citizen's conversation, told step by step; each step commits."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.address: ChannelAddress = an_address()
        self.id = 0

    def citizen_says(self, text: str = "身份证丢了怎么补办", **given: Any) -> Message:
        with self.core.unit_of_work() as uow:
            message = a_message(uow, address=self.address, text=text, **given)
        self.id = message.conversation_id
        return message

    def bot_answers(
        self,
        message: Message,
        text: str = "请到派出所补领。",
        *,
        choices: tuple[str, ...] = (),
        reason: dict[str, Any] | None = None,
        understanding: dict[str, Any] | None = None,
    ) -> "Talk":
        reply = Reply(text, tuple(Choice(each, each) for each in choices), reason or {})
        with self.core.unit_of_work() as uow:
            services.record_turn(uow, message.id, [reply], understanding=understanding or {})
        return self

    def waits(self, reason: HandoffReason = HandoffReason.CITIZEN_ASKED) -> "Talk":
        message = self.citizen_says("转人工")
        with self.core.unit_of_work() as uow:
            services.hand_off(uow, self.id, reason=reason, message_id=message.id)
            services.leave_to_people(uow, message.id)
        return self

    def taken_by(self, operator_id: int) -> "Talk":
        if not self.id:
            self.waits()
        with self.core.unit_of_work() as uow:
            services.take_over(uow, self.id, operator_id=operator_id)
        return self

    def messages(self) -> list[Message]:
        with self.core.unit_of_work() as uow:
            return list(queries.thread(uow.session, self.id, limit=1000))

    def last(self) -> Message:
        return self.messages()[-1]

    def delivery_fails(self, message: Message, reason: str = "超过 48 小时回复时限") -> None:
        with self.core.unit_of_work() as uow:
            services.record_delivery_failure(
                uow, message.id, code="45015", reason=reason, can_retry=False
            )

    def is_delivered(self) -> None:
        with self.core.unit_of_work() as uow:
            for message in queries.thread(uow.session, self.id, limit=1000):
                if message.delivery is not None:
                    services.record_delivery(uow, message.id)
