"""Build the parts every program shares, from plain values."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from core.adapters.holidays import packaged_calendar
from core.clock import Clock, utc_now
from core.database.base import driver_url
from core.events import Publish
from core.office import Office, OfficeHours
from core.sealing import Seal
from core.unit_of_work import StoreFailed, UnitOfWork


@dataclass(frozen=True)
class Core:
    session_factory: sessionmaker[Session]
    publish: Publish
    office: Office
    seal: Seal
    clock: Clock = utc_now
    # False while history is told afterwards: what followed from it was done long ago.
    defers_jobs: bool = True

    def unit_of_work(self) -> UnitOfWork:
        return UnitOfWork(
            self.session_factory,
            publish=self.publish,
            clock=self.clock,
            office=self.office,
            seal=self.seal,
            defers_jobs=self.defers_jobs,
        )

    def can_store(self) -> bool:
        """Tell whether the database answers."""
        try:
            with self.unit_of_work() as uow:
                uow.session.connection()
        except StoreFailed:
            return False
        return True


def build_office(
    name: str, hours: str, notices: Mapping[str, str], *, public_url: str = ""
) -> Office:
    return Office(name, packaged_calendar(), OfficeHours.parse(hours), notices, public_url)


def build_core(
    database_url: str,
    *,
    publish: Publish,
    office: Office,
    data_key: str,
    pool_size: int = 10,
) -> Core:
    engine = create_engine(
        driver_url(database_url),
        pool_pre_ping=True,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=10,
        hide_parameters=True,  # an error in the log must not quote what citizens wrote
    )
    return Core(sessionmaker(engine, expire_on_commit=False), publish, office, Seal(data_key))
