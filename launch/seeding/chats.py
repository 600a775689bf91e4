"""What citizens, the bot and operators said to each other."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from pydantic import Field

from core.conversations import queries as conversations
from core.conversations import services
from core.conversations.services import Fit, Reply
from core.conversations.states import ConversationState, HandoffReason, HeldFor
from core.knowledge import queries as knowledge
from core.messaging import ChannelAddress, ChannelName, Choice, InboundKind, InboundMessage
from core.unit_of_work import UnitOfWork
from launch.seeding.cases import Matter
from launch.seeding.moments import Moment, Told
from launch.seeding.story import Act, Cast


class BotReply(Told):
    """The bot's words; `{position}`, `{number}` and the like are facts of what it has done."""

    text: str
    choices: list[str] = []


class CitizenLine(Moment):
    """What a citizen sent or did, and what the bot made of it if it was the bot's turn."""

    says: str = ""
    kind: InboundKind = InboundKind.TEXT
    intent: str = ""
    confidence: float = 0.97
    answer: str = ""  # the entry the bot answered with
    replies: list[BotReply] = []
    hands_off: HandoffReason | None = None
    opens_case: str = ""


class Refusal(Told):
    """How the platform declined to deliver something, and whether it will later."""

    code: str
    reason: str
    waits_for_citizen: bool = False


class OperatorLine(Moment):
    by: str
    do: Literal["take_over", "say", "note", "hand_back", "pass_on", "close"]
    text: str = ""
    refused: Refusal | None = None


class Chat(Told):
    citizen: str
    openid: str
    lines: list[CitizenLine | OperatorLine] = Field(min_length=1)

    def acts(
        self, cast: Cast, *, account: str, matters: Mapping[str, Matter]
    ) -> Iterator[tuple[Moment, Act]]:
        address = ChannelAddress(ChannelName.WECHAT, account, self.openid)
        for serial, line in enumerate(self.lines, start=1):
            if isinstance(line, CitizenLine):
                yield line, self._hear(line, f"{self.openid}:{serial}", address, cast, matters)
            else:
                yield line, self._serve(line, cast)

    def _hear(
        self,
        line: CitizenLine,
        dedupe_key: str,
        address: ChannelAddress,
        cast: Cast,
        matters: Mapping[str, Matter],
    ) -> Act:
        def act(uow: UnitOfWork) -> None:
            receipt = services.receive(
                uow,
                InboundMessage(
                    address=address,
                    dedupe_key=dedupe_key,
                    kind=line.kind,
                    sent_at=uow.now,
                    text=line.says,
                ),
            )
            cast.conversations[self.citizen] = receipt.conversation_id
            if receipt.awaits_answer:
                facts = self._follow_up(uow, line, receipt.message_id, cast, matters)
                replies = list(_replies(uow, line, facts))
                if not replies and self._waits(uow, cast):
                    # The story happens in office hours, whatever time the demo is made at.
                    services.leave_to_people(uow, receipt.message_id)
                    return
                if not replies:
                    raise ValueError(f"{self.citizen}: the bot has no answer to {line.says!r}")
                services.record_turn(
                    uow, receipt.message_id, replies, understanding=_understanding(line)
                )
                services.claim_passive(uow, receipt.message_id, fit_into=everything)

        return act

    def _waits(self, uow: UnitOfWork, cast: Cast) -> bool:
        conversation = conversations.get(uow.session, cast.conversations[self.citizen])
        return conversation.state is ConversationState.WAITING

    def _follow_up(
        self,
        uow: UnitOfWork,
        line: CitizenLine,
        message_id: int,
        cast: Cast,
        matters: Mapping[str, Matter],
    ) -> dict[str, Any]:
        """Do what the bot does beside speaking; return the facts it speaks of."""
        conversation_id = cast.conversations[self.citizen]
        if line.hands_off is not None:
            position = services.hand_off(
                uow, conversation_id, reason=line.hands_off, message_id=message_id
            )
            return {"position": position}
        if line.opens_case:
            matter = matters[line.opens_case]
            return matter.submit(uow, cast, conversation_id=conversation_id)
        return {}

    def _serve(self, line: OperatorLine, cast: Cast) -> Act:
        def act(uow: UnitOfWork) -> None:
            conversation_id, operator_id = cast.conversations[self.citizen], cast.operators[line.by]
            if line.do == "say":
                message = services.say_as_operator(
                    uow, conversation_id, operator_id=operator_id, text=line.text
                )
                if line.refused is not None:
                    services.lease_delivery(uow, conversation_id)
                    services.record_delivery_failure(
                        uow,
                        message.id,
                        code=line.refused.code,
                        reason=line.refused.reason,
                        can_retry=False,
                        held_for=HeldFor.WINDOW_CLOSED if line.refused.waits_for_citizen else None,
                    )
            elif line.do == "note":
                services.add_note(uow, conversation_id, operator_id=operator_id, text=line.text)
            else:
                STEPS[line.do](uow, conversation_id, operator_id=operator_id)
            # Whoever acts in a conversation has read it.
            seen = conversations.get(uow.session, conversation_id).last_seq
            services.mark_seen(uow, conversation_id, up_to_seq=seen)

        return act


LABEL = "（以上由智能助手自动答复，仅供参考）"

STEPS: dict[str, Callable[..., object]] = {
    "take_over": services.take_over,
    "hand_back": services.hand_back,
    "pass_on": services.pass_on,
    "close": services.close_conversation,
}


def everything(messages: Any, _parts_delivered: int) -> Fit:
    return Fit(carried=len(messages))


def _replies(uow: UnitOfWork, line: CitizenLine, facts: Mapping[str, Any]) -> Iterator[Reply]:
    if line.answer:
        yield _answer(uow, line)
    for reply in line.replies:
        choices = tuple(Choice(title, title) for title in reply.choices)
        yield Reply(reply.text.format(**facts), choices, _why(line, facts))
    if line.kind is InboundKind.FOLLOW:
        yield Reply(uow.office.notice("welcome"), (), {"kind": "notice", "notice": "welcome"})


def _answer(uow: UnitOfWork, line: CitizenLine) -> Reply:
    entry = knowledge.get_servable(uow.session, line.answer, today=uow.today)
    sources = [f"《{source.document}》{source.article or ''}" for source in entry.references]
    text = "\n".join([entry.answer, "", "依据：", *sources, "", LABEL])
    why = {
        "kind": "faq",
        "slug": entry.slug,
        "question": entry.question,
        "version": entry.version,
        "confidence": line.confidence,
        "documents": [
            {"document": source.document, "article": source.article} for source in entry.references
        ],
    }
    return Reply(text, (Choice("转人工", "转人工"),), why)


def _why(line: CitizenLine, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the reply rests on, in the words the bot's actions use."""
    if line.hands_off is not None:
        return {"kind": "handoff", "reason": line.hands_off.value}
    if line.opens_case:
        return {"kind": "case", "number": facts["number"]}
    return {"kind": "response", "name": line.intent or "case_form"}


def _understanding(line: CitizenLine) -> dict[str, Any]:
    intent = line.intent or (f"faq/{line.answer}" if line.answer else "")
    return {"intent": intent, "confidence": line.confidence} if intent else {}
