"""What an operator needs to know before the first word: asked, answered, why here, what else."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from console.desk.reasons import entities_of
from core.cases import queries as cases
from core.citizens import queries as citizens
from core.citizens.queries import Presence
from core.conversations import queries
from core.conversations.states import Author
from core.knowledge import queries as knowledge
from core.messaging import InboundKind
from core.operators import queries as operators
from core.operators.permissions import Permission
from core.unit_of_work import UnitOfWork

LOOKED_AT = 60
SHOWN_QUESTIONS = 5
SHOWN_HANDOFFS = 5


@dataclass(frozen=True)
class AskedQuestion:
    """A citizen's question and, if it was one of the FAQ, what it was answered with."""

    text: str
    at: Any
    answered_with: str
    slug: str


@dataclass(frozen=True)
class Stay:
    """One stay with people."""

    handoff: Any
    operator: str


@dataclass(frozen=True)
class Summary:
    questions: list[AskedQuestion]
    entities: list[tuple[str, str]]
    stays: list[Stay]
    cases: list[Any]
    elsewhere: list[Any]  # conversations with the same person on other channels
    presence: Presence | None  # of the page, where there is one

    @property
    def open_stay(self) -> Stay | None:
        return next((stay for stay in reversed(self.stays) if stay.handoff.ended_at is None), None)

    @property
    def earlier_stays(self) -> list[Stay]:
        ended = [stay for stay in self.stays if stay.handoff.ended_at is not None]
        return ended[: -SHOWN_HANDOFFS - 1 : -1]


def summarise(
    uow: UnitOfWork, conversation_id: int, citizen_id: int, permissions: frozenset[Permission]
) -> Summary:
    handoffs = queries.handoffs(uow.session, conversation_id)
    names = operators.names(
        uow.session, {handoff.operator_id for handoff in handoffs if handoff.operator_id}
    )
    open_handoff = next((handoff for handoff in handoffs if handoff.ended_at is None), None)
    # Once people speak, the thread itself tells the rest.
    until = open_handoff.taken_at if open_handoff else None
    questions, entities = _asked(uow, conversation_id, until)
    sees_cases = Permission.VIEW_ALL_CASES in permissions
    return Summary(
        questions,
        entities,
        [Stay(handoff, names.get(handoff.operator_id or 0, "")) for handoff in handoffs],
        list(cases.of_citizen(uow.session, citizen_id)) if sees_cases else [],
        [
            other
            for other in citizens.conversations_of(uow.session, citizen_id)
            if other.id != conversation_id
        ],
        citizens.presence(uow.session, conversation_id, uow.now),
    )


def _asked(
    uow: UnitOfWork, conversation_id: int, until: datetime | None
) -> tuple[list[AskedQuestion], list[tuple[str, str]]]:
    messages = queries.thread(uow.session, conversation_id, limit=LOOKED_AT)
    slugs = {
        message.in_reply_to_id: str(message.reason["slug"])
        for message in messages
        if message.author is Author.BOT and message.reason.get("slug")
    }
    entries = knowledge.published(uow.session, set(slugs.values())) if slugs else ()
    titles = {entry.slug: entry.question for entry in entries}
    asked = [
        message
        for message in messages
        if message.author is Author.CITIZEN
        and message.kind is InboundKind.TEXT
        and message.text.strip()
        and (until is None or message.received_at <= until)
    ][-SHOWN_QUESTIONS:]
    entities: dict[tuple[str, str], None] = {}
    for message in asked:
        entities |= dict.fromkeys(entities_of(message.understanding))
    questions = [
        AskedQuestion(
            message.text,
            message.received_at,
            titles.get(slugs.get(message.id, ""), ""),
            slugs.get(message.id, ""),
        )
        for message in asked
    ]
    return questions, [pair for pair in entities if all(pair)]
