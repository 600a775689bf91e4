"""One business change: a transaction plus the events it announces."""

from __future__ import annotations

from datetime import date, datetime
from types import TracebackType
from typing import Self

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from core import event_log
from core.clock import Clock, office_date
from core.events import Event, Publish
from core.office import Office
from core.sealing import Seal

# What programs catch at their edge when the store itself fails; they need not know who stores.
StoreFailed = SQLAlchemyError


class UnitOfWork:
    """Leaving the block commits, then publishes; an exception rolls back and publishes nothing.

    Programs open it; services receive it open and never commit. `now` is read
    once, so every row and event of one change carries the same time.
    """

    session: Session
    now: datetime

    def __init__(
        self,
        session_factory: sessionmaker[Session],
        *,
        publish: Publish,
        clock: Clock,
        office: Office,
        seal: Seal,
        defers_jobs: bool = True,
    ) -> None:
        self._session_factory = session_factory
        self._publish = publish
        self._clock = clock
        self.office = office
        self.seal = seal
        self.defers_jobs = defers_jobs

    def __enter__(self) -> Self:
        self.session = self._session_factory()
        self.now = self._clock()
        self._announced: list[Event] = []
        return self

    @property
    def today(self) -> date:
        return office_date(self.now)

    def announce(self, event: Event) -> None:
        """Tell open screens after commit and, for logged facts, the event log with it."""
        self._announced.append(event)
        if event.logged:
            event_log.append(self.session, event)

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self.session:
            if exc_type is not None:
                self.session.rollback()
                return
            self.session.commit()
        for event in self._announced:
            self._publish(event)
