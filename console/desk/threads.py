"""A thread as it is shown: whose words, on which day, why they were said, did they arrive."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from console import media
from console.desk.identities import without_keys
from console.desk.reasons import Reason, reason_of, slugs_in
from core.clock import office_date
from core.conversations import queries
from core.conversations.states import Author, DeliveryState, MessageOutcome, Visibility
from core.knowledge import queries as knowledge
from core.media import queries as attachments
from core.messaging import InboundKind
from core.operators import queries as operators
from core.unit_of_work import UnitOfWork

PAGE = 100
SAME_BREATH = timedelta(minutes=3)
HAPPENINGS = (InboundKind.FOLLOW, InboundKind.UNFOLLOW)
LONG_CHARACTERS = 500
LONG_LINES = 14
PREVIEW_CHARACTERS = 180


@dataclass(frozen=True)
class Line:
    """One message with what stands around it; `day` is set where a new day begins.

    `is_continued` when the same person said the line before, a moment ago.
    """

    message: Any
    name: str
    day: date | None
    is_continued: bool
    reason: Reason | None
    attachment: media.ShownAttachment | None

    @property
    def is_note(self) -> bool:
        return self.message.visibility is Visibility.PRIVATE

    @property
    def text(self) -> str:
        return without_keys(self.message.text)

    @property
    def is_long(self) -> bool:
        text = self.text
        return len(text) > LONG_CHARACTERS or text.count("\n") >= LONG_LINES

    @property
    def preview(self) -> str:
        """Return the beginning of a long text."""
        lines = self.text.splitlines()[: LONG_LINES // 2]
        return "\n".join(lines)[:PREVIEW_CHARACTERS].rstrip() + "……"

    @property
    def mark(self) -> str:
        """Return how the line stands while that may still change, else nothing.

        A page sends the marks it shows; only lines whose mark has changed come back.
        """
        delivery = self.message.delivery
        if delivery is not None and delivery.state is not DeliveryState.SENT:
            return f"{delivery.state}-{delivery.attempts}"
        marks = []
        if self.message.author is Author.CITIZEN and self.message.outcome is None:
            marks.append("unanswered")
        if self.attachment is not None and self.attachment.may_change:
            marks.append(f"{self.attachment.state}-{self.attachment.attachment.attempts}")
        if self.message.kind is InboundKind.VOICE and not self.message.text:
            marks.append("unheard")
        return "-".join(marks)


@dataclass(frozen=True)
class Thread:
    lines: list[Line]
    has_earlier: bool

    @property
    def last_seq(self) -> int:
        return self.lines[-1].message.seq if self.lines else 0

    @property
    def first_seq(self) -> int:
        return self.lines[0].message.seq if self.lines else 0


def newest(uow: UnitOfWork, conversation_id: int, *, before_seq: int | None = None) -> Thread:
    """Return the newest page of the thread, or the page before `before_seq`."""
    found = queries.thread(uow.session, conversation_id, before_seq=before_seq, limit=PAGE + 1)
    shown = found[-PAGE:]
    return Thread(_lines(uow, shown), has_earlier=len(found) > PAGE)


def after(uow: UnitOfWork, conversation_id: int, seq: int) -> list[Line]:
    """Return everything said after `seq`, however much that is."""
    found = queries.thread(uow.session, conversation_id, after_seq=max(seq - 1, 0), limit=10_000)
    known = [message for message in found if message.seq <= seq]
    lines = _lines(uow, found)
    return lines[len(known) :]


def changed(uow: UnitOfWork, conversation_id: int, marks: Mapping[int, str]) -> list[Line]:
    """Return the lines that no longer stand as their marks say."""
    found = queries.find_messages(uow.session, conversation_id, marks)
    lines = _lines(uow, found, with_neighbours=False)
    return [line for line in lines if line.mark != marks[line.message.id]]


def _lines(
    uow: UnitOfWork,
    messages: Iterable[Any],
    *,
    with_neighbours: bool = True,
) -> list[Line]:
    messages = list(messages)
    names = operators.names(
        uow.session, {message.operator_id for message in messages if message.operator_id}
    )
    understandings = _understandings(uow, messages)
    slugs = set[str]().union(
        *(slugs_in(understandings[message.id], message.reason) for message in messages)
    )
    entries = knowledge.published(uow.session, slugs) if slugs else ()
    questions = {entry.slug: entry.question for entry in entries}
    carried = attachments.of_messages(uow.session, [message.id for message in messages])
    lines: list[Line] = []
    before = None
    for message in messages:
        day = office_date(message.received_at)
        is_new_day = before is None or day != office_date(before.received_at)
        lines.append(
            Line(
                message,
                name=names.get(message.operator_id, ""),
                day=day if is_new_day and with_neighbours else None,
                is_continued=with_neighbours and not is_new_day and _continues(before, message),
                reason=reason_of(understandings[message.id], message.reason, questions),
                attachment=media.shown(carried.get(message.id)),
            )
        )
        before = message
    return lines


def _continues(before: Any, message: Any) -> bool:
    return bool(
        (before.author, before.operator_id, before.visibility)
        == (message.author, message.operator_id, message.visibility)
        and before.kind not in HAPPENINGS
        and message.received_at - before.received_at < SAME_BREATH
    )


def _understandings(uow: UnitOfWork, messages: list[Any]) -> dict[int, Mapping[str, Any]]:
    """Return by message what the bot understood.

    It is told once: under the first answer to a question or, when people answer
    instead, under the question itself.
    """
    told: dict[int, Mapping[str, Any]] = {}
    explained: set[int] = set()
    for message in messages:
        told[message.id] = {}
        question_id = message.in_reply_to_id
        if message.author is Author.BOT and question_id is not None:
            if question_id not in explained:
                explained.add(question_id)
                told[message.id] = queries.get_message(uow.session, question_id).understanding
        elif message.outcome is MessageOutcome.HANDED_OVER:
            told[message.id] = message.understanding or {}
    return told
