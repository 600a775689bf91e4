"""Every logged fact as a row, chained by hash per subject: history and audit in one.

Rows are only ever added; a trigger in the database refuses the rest.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database.base import Base, PrimaryKey
from core.events import Event

GENESIS = "0" * 64


class LoggedEvent(Base):
    __tablename__ = "event_log"
    __table_args__ = (
        UniqueConstraint("subject", "number"),
        Index(None, "at"),
    )

    id: Mapped[PrimaryKey]
    subject: Mapped[str] = mapped_column(String(80))
    number: Mapped[int]
    type: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(40))
    data: Mapped[dict[str, Any]]
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


def facts(event: Event) -> dict[str, Any]:
    """Return the event's own fields as JSON values, without time and actor."""
    return {
        field.name: _plain(getattr(event, field.name))
        for field in fields(event)
        if field.name not in {"at", "actor"}
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def link(previous_hash: str, *, subject: str, number: int, type: str, at: datetime, actor: str,
         data: dict[str, Any]) -> str:  # fmt: skip
    """Hash one row together with its predecessor."""
    body = json.dumps(
        [previous_hash, subject, number, type, at.astimezone(UTC).isoformat(), actor, data],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(body.encode()).hexdigest()


def append(session: Session, event: Event) -> None:
    """Add the event to its subject's chain, waiting for others who add to the same one."""
    subject = event.subject
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(subject, 0))))
    # Pending rows of this transaction must be visible to the look at the last link.
    session.flush()
    last = session.execute(
        select(LoggedEvent.number, LoggedEvent.hash)
        .where(LoggedEvent.subject == subject)
        .order_by(LoggedEvent.number.desc())
        .limit(1)
    ).one_or_none()
    previous_number, previous_hash = (0, GENESIS) if last is None else (last.number, last.hash)
    number, type_, data = previous_number + 1, type(event).__name__, facts(event)
    session.add(
        LoggedEvent(
            subject=subject,
            number=number,
            type=type_,
            at=event.at,
            actor=event.actor,
            data=data,
            previous_hash=previous_hash,
            hash=link(
                previous_hash,
                subject=subject,
                number=number,
                type=type_,
                at=event.at,
                actor=event.actor,
                data=data,
            ),
        )
    )
    session.flush()


def history(session: Session, subject: str) -> Sequence[LoggedEvent]:
    """Return everything that happened to `subject`, oldest first."""
    return session.scalars(
        select(LoggedEvent).filter_by(subject=subject).order_by(LoggedEvent.number)
    ).all()


def first_broken_link(session: Session, subject: str) -> int | None:
    """Return the number of the first row that does not follow from its predecessor."""
    previous_hash = GENESIS
    for expected, row in enumerate(history(session, subject), start=1):
        recomputed = link(
            previous_hash,
            subject=row.subject,
            number=row.number,
            type=row.type,
            at=row.at,
            actor=row.actor,
            data=row.data,
        )
        if row.number != expected or row.previous_hash != previous_hash or row.hash != recomputed:
            return expected
        previous_hash = row.hash
    return None
