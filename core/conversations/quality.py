"""How well entries of the knowledge base did with citizens: counted from what the bot recorded."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from core.conversations.models import Message
from core.conversations.states import Author

FAQ_PREFIX = "faq/"
COMPLAINT = "complain_about_answer"


@dataclass
class Quality:
    """How often an entry was what citizens asked for, and what came of it.

    `sure`: answered outright; `offered`: among questions to tap; `missed`: nearest, but the
    bot owned up to knowing nothing; `unhelpful`: the citizen said so right after the answer.
    """

    sure: int = 0
    offered: int = 0
    missed: int = 0
    unhelpful: int = 0

    @property
    def asked(self) -> int:
        return self.sure + self.offered + self.missed


def of_entries(session: Session, *, since: datetime) -> Mapping[str, Quality]:
    """Return the figures of every entry that was asked for, by its slug."""
    found: defaultdict[str, Quality] = defaultdict(Quality)
    for name, query in {
        "sure": _answered(since),
        "offered": _offered(since),
        "missed": _missed(since),
        "unhelpful": _unhelpful(since),
    }.items():
        counts: Counter[str] = Counter()
        for row in session.execute(query):
            counts[str(row.slug).removeprefix(FAQ_PREFIX)] += row.times
        for slug, count in counts.items():
            setattr(found[slug], name, count)
    return found


def _answered(since: datetime) -> Select[Any]:
    slug = Message.reason["slug"].astext
    return (
        select(slug.label("slug"), func.count().label("times"))
        .where(
            Message.author == Author.BOT,
            Message.received_at >= since,
            Message.reason["kind"].astext.in_(["faq", "people_only"]),
            Message.reason["part"].astext.is_(None),
        )
        .group_by(slug)
    )


def _offered(since: datetime) -> Select[Any]:
    slug = func.jsonb_array_elements_text(Message.reason["slugs"]).label("slug")
    offered = (
        select(slug)
        .where(
            Message.author == Author.BOT,
            Message.received_at >= since,
            Message.reason["kind"].astext == "suggestions",
        )
        .subquery()
    )
    return select(offered.c.slug, func.count().label("times")).group_by(offered.c.slug)


def _missed(since: datetime) -> Select[Any]:
    """Count the likeliest entry of each question that was owned up to."""
    question = aliased(Message)
    likeliest = question.understanding["ranking"][0]["intent"].astext
    return (
        select(likeliest.label("slug"), func.count().label("times"))
        .select_from(Message)
        .join(question, question.id == Message.in_reply_to_id)
        .where(
            Message.author == Author.BOT,
            Message.received_at >= since,
            Message.reason["kind"].astext == "miss",
            question.understanding["intent"].astext != COMPLAINT,
            likeliest.startswith(FAQ_PREFIX),
        )
        .group_by(likeliest)
    )


def _unhelpful(since: datetime) -> Select[Any]:
    """Count complaints for the answer that was given last before them."""
    complaint, answer = aliased(Message), aliased(Message)
    last = (
        select(answer.reason["slug"].astext.label("slug"))
        .where(
            answer.conversation_id == complaint.conversation_id,
            answer.seq < complaint.seq,
            answer.author == Author.BOT,
            answer.reason["kind"].astext == "faq",
        )
        .order_by(answer.seq.desc())
        .limit(1)
        .lateral()
    )
    return (
        select(last.c.slug, func.count().label("times"))
        .select_from(complaint)
        .join(last, last.c.slug.is_not(None))
        .where(
            complaint.author == Author.CITIZEN,
            complaint.received_at >= since,
            complaint.understanding["intent"].astext == COMPLAINT,
        )
        .group_by(last.c.slug)
    )
