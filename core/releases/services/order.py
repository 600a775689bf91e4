"""One decision about models after the other."""

from sqlalchemy import func, select

from core.unit_of_work import UnitOfWork


def one_after_the_other(uow: UnitOfWork) -> None:
    """Decide about models one after the other, also where there is no row yet."""
    key = func.hashtextextended("releases", 0)
    uow.session.execute(select(func.pg_advisory_xact_lock(key)))
