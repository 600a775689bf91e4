"""The bot's turn for one message, and what happens when the bot cannot take it."""

import logging
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Protocol

from bot.dialogue import DialogueUnavailable, Turn
from bot.worker.clicks import (
    Clicker,
    Meaning,
    meaning_of_click,
    meaning_of_wish_for_menu,
    wish_for_menu,
)
from bot.worker.hearing import NotHeardYet
from bot.worker.invitations import choose_invitation, is_invitation
from bot.worker.typing import Typing
from core.bootstrap import Core
from core.clock import written_moment
from core.conversations import queries, services
from core.conversations.services import Reply
from core.conversations.states import Author, HandoffReason
from core.messaging import Choice, InboundKind
from core.unit_of_work import UnitOfWork

logger = logging.getLogger(__name__)

FIRST_CHOICES = (
    Choice("我要提问", "你能帮我做什么"),
    Choice("我要反映问题", "我要反映问题"),
    Choice("查询办理进度", "查询办理进度"),
    Choice("转人工", "转人工"),
)
HUMAN = (Choice("转人工", "转人工"),)
PERSON_OR_CASE = (Choice("我要反映问题", "我要反映问题"), *HUMAN)

KINDS_WITH_WORDS = frozenset(
    {
        InboundKind.TEXT,
        InboundKind.MENU_CLICK,
        InboundKind.VOICE,
        InboundKind.LOCATION,
        InboundKind.SCAN,
    }
)

# Kinds without words: which notice answers them.
NOTICE_BY_KIND = {
    InboundKind.FOLLOW: "welcome",
    InboundKind.SCAN: "scanned",
    InboundKind.VOICE: "voice_unrecognised",
    InboundKind.LOCATION: "location_received",
    InboundKind.IMAGE: "image_received",
    InboundKind.VIDEO: "video_received",
    InboundKind.LINK: "link_received",
    InboundKind.MINI_PROGRAM: "link_received",
}
CHOICES_UNDER = {
    "menu_key_unknown": FIRST_CHOICES,
    "menu_group_left": FIRST_CHOICES,
    "welcome": FIRST_CHOICES,
    "image_received": PERSON_OR_CASE,
    "video_received": PERSON_OR_CASE,
}

# The response by which the form for a case asks where the matter is.
QUESTION_FOR_THE_PLACE = "utter_ask_case_form_case_place"
LOOKED_AT = 10


@dataclass(frozen=True)
class Question:
    """What the bot is asked; `notice` instead of `text` where there are no words."""

    conversation_id: int
    text: str = ""
    notice: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    is_recording: bool = False  # the notice is for when nobody can hear what it says


class HearsRecordings(Protocol):
    """The part of hearing that a turn needs."""

    def hear(self, message_id: int) -> str: ...


class TakesTurns(Protocol):
    """The part of the dialogue engine that a turn needs."""

    def take_turn(
        self, conversation_id: int, message_id: int, text: str, *, is_retry: bool
    ) -> Turn: ...


@dataclass(frozen=True)
class Turns:
    core: Core
    dialogue: TakesTurns
    menu_words: Mapping[str, str]
    patience: timedelta
    hearing: HearsRecordings | None = None
    scene_words: Mapping[str, str] = field(default_factory=dict)
    typing: Typing | None = None

    def answer_all(self, conversation_id: int, *, is_retry: bool) -> None:
        """Answer what the citizen said and has no answer to yet, oldest first.

        Only the first of them can have been in the hands of an earlier attempt.
        """
        while True:
            with self.core.unit_of_work() as uow:
                message = queries.first_unfinished(uow.session, conversation_id)
            if message is None:
                return
            self.answer(message.id, is_retry=is_retry)
            is_retry = False

    def answer(self, message_id: int, *, is_retry: bool) -> None:
        """Answer the message, or open the conversation to people.

        Raises DialogueUnavailable or NotHeardYet while it is worth trying again;
        nothing is open in the database while the bot thinks.
        """
        question = self._question(message_id)
        if question is None:
            return
        if question.is_recording:
            words = self._heard(message_id)
            question = replace(question, text=words, notice="") if words else question
        if question.notice:
            self._answer_by_notice(message_id, question)
            return
        try:
            with self._typing(question.conversation_id):
                turn = self.dialogue.take_turn(
                    question.conversation_id, message_id, question.text, is_retry=is_retry
                )
        except DialogueUnavailable as failure:
            self._wait_or_hand_off(message_id, failure)
            return
        with self.core.unit_of_work() as uow:
            services.record_turn(uow, message_id, turn.replies, understanding=turn.understanding)

    def read_tap(self, message_id: int) -> None:
        """Let the citizen have the menu they ask for while people speak, and tell those people."""
        with self.core.unit_of_work() as uow:
            message = queries.get_message(uow.session, message_id)
            done = wish_for_menu(uow, message, self._clicker(uow, message))
            if done is not None:
                services.note_as_desk(
                    uow,
                    message.conversation_id,
                    text=uow.office.notice(f"{done.notice}_note", **done.facts),
                    key=f"tap:{message_id}",
                )

    def _typing(self, conversation_id: int) -> AbstractContextManager[None]:
        return self.typing.while_working(conversation_id) if self.typing else nullcontext()

    def _question(self, message_id: int) -> Question | None:
        """Return what is to be answered; None when it has its answer or people answer it."""
        with self.core.unit_of_work() as uow:
            message = queries.get_message(uow.session, message_id)
            if message.outcome is not None:
                return None
            conversation = queries.get(uow.session, message.conversation_id)
            if not services.bot_speaks(uow, conversation):
                services.leave_to_people(uow, message_id)
                return None
            if message.kind is InboundKind.MENTION:
                # The bot's own answers are for the citizen alone, not for the public.
                notice = choose_invitation(uow.office.notices, str(message.dedupe_key))
                return Question(conversation.id, notice=notice)
            words = message.text.strip()
            meaning = self._meaning(uow, message_id)
            if meaning is not None and meaning.notice:
                return Question(
                    conversation.id,
                    notice=meaning.notice,
                    facts=meaning.facts,
                    choices=meaning.choices or _choices_under(meaning.notice),
                )
            words = meaning.words if meaning is not None else words
            if message.kind is InboundKind.LOCATION:
                asked = _asks_for_a_place(uow, conversation.id)
                words = _place_in_words(message) if asked else ""
            if message.kind is InboundKind.SCAN:
                words = self.scene_words.get(str(message.payload.get("scene", "")), "")
            if words and message.kind in KINDS_WITH_WORDS:
                return Question(conversation.id, text=words)
            return Question(
                conversation.id,
                notice=NOTICE_BY_KIND.get(message.kind, "unsupported_kind"),
                is_recording=message.kind is InboundKind.VOICE,
            )

    def _heard(self, message_id: int) -> str:
        """Return the words of a recording, waiting for them as long as for the bot itself."""
        if self.hearing is None:
            return ""
        try:
            return self.hearing.hear(message_id)
        except NotHeardYet:
            with self.core.unit_of_work() as uow:
                message = queries.get_message(uow.session, message_id)
                if uow.now - message.received_at < self.patience:
                    raise
            return ""

    def _meaning(self, uow: UnitOfWork, message_id: int) -> Meaning | None:
        """Return what a tap on the menu means, or a wish for another menu; None: plain words."""
        message = queries.get_message(uow.session, message_id)
        by = self._clicker(uow, message)
        if message.kind is InboundKind.MENU_CLICK:
            key = str(message.payload.get("key", ""))
            return meaning_of_click(uow, key, by, self.menu_words)
        if message.kind is InboundKind.TEXT:
            return meaning_of_wish_for_menu(uow, message.text.strip(), by)
        return None

    def _clicker(self, uow: UnitOfWork, message: Any) -> Clicker:
        identity = queries.get(uow.session, message.conversation_id).identity
        return Clicker(message.conversation_id, identity.citizen_id, identity.address)

    def _answer_by_notice(self, message_id: int, question: Question) -> None:
        notice = question.notice
        with self.core.unit_of_work() as uow:
            reason = {"kind": "notice", "notice": notice}
            choices = question.choices or _choices_under(notice)
            reply = Reply(uow.office.notice(notice, **question.facts), choices, reason)
            services.record_turn(uow, message_id, [reply])

    def _wait_or_hand_off(self, message_id: int, failure: DialogueUnavailable) -> None:
        """Try again while the citizen can be expected to wait; then people take over."""
        with self.core.unit_of_work() as uow:
            message = queries.get_message(uow.session, message_id)
            if uow.now - message.received_at < self.patience:
                raise failure
            logger.warning(
                "conversation opened to people: the bot is away",
                extra={"conversation": message.conversation_id, "reason": str(failure)},
            )
            position = services.hand_off(
                uow,
                message.conversation_id,
                reason=HandoffReason.BOT_OUTAGE,
                message_id=message_id,
            )
            services.leave_to_people(uow, message_id)
            services.say_as_desk(
                uow,
                message.conversation_id,
                text=_outage_notice(uow, position),
                in_reply_to_id=message_id,
            )


def _asks_for_a_place(uow: UnitOfWork, conversation_id: int) -> bool:
    """Tell whether the last thing the bot said was the form's question for the place."""
    lines = queries.thread(uow.session, conversation_id, limit=LOOKED_AT)
    said = [line for line in lines if line.author is Author.BOT]
    return bool(said) and said[-1].reason.get("name") == QUESTION_FOR_THE_PLACE


def _place_in_words(message: Any) -> str:
    point = "，".join(
        str(message.payload[name]) for name in ("latitude", "longitude") if name in message.payload
    )
    label = message.text.strip() or "地图位置"
    return f"{label}（{point}）" if point else label


def _choices_under(notice: str) -> tuple[Choice, ...]:
    if is_invitation(notice):
        return ()  # what may be public is only the way into private
    return CHOICES_UNDER.get(notice, HUMAN)


def _outage_notice(uow: UnitOfWork, position: int) -> str:
    if uow.office.is_open(uow.now):
        return uow.office.notice("bot_outage", position=position)
    opens_at = uow.office.opens_at(uow.now)
    return uow.office.notice("bot_outage_closed", opens_at=written_moment(opens_at))
