"""Asking for a model: a training of what was approved, or an earlier model back."""

from datetime import timedelta

from sqlalchemy import select

from core import jobs
from core.events import SYSTEM, operator_actor
from core.knowledge import queries as knowledge
from core.releases import queries
from core.releases.errors import ModelFileLost, ReleaseUnderway, RollbackReasonMissing
from core.releases.events import ReleaseRequested, RollbackRequested
from core.releases.models import ModelRelease
from core.releases.services.order import one_after_the_other
from core.releases.states import ReleaseState, ReleaseStep
from core.unit_of_work import UnitOfWork

# A training that failed is tried again by itself so often, and waits longer each time.
RETRIES_AFTER = (timedelta(seconds=10), timedelta(minutes=2), timedelta(minutes=15))
RETRIES_WITHIN = timedelta(hours=6)


def request_release(uow: UnitOfWork, *, requested_by: str, note: str = "") -> ModelRelease:
    """Queue a training of the knowledge with all approved changes; one waits at a time."""
    one_after_the_other(uow)
    waiting = queries.queued(uow.session)
    if waiting is not None:
        return waiting
    release = ModelRelease(
        version=_next_version(uow),
        state=ReleaseState.QUEUED,
        requested_by=requested_by,
        note=note.strip(),
        queued_at=uow.now,
    )
    uow.session.add(release)
    uow.announce(
        ReleaseRequested(at=uow.now, actor=requested_by, version=release.version, note=release.note)
    )
    jobs.defer(uow, jobs.release_model())
    return release


def request_wanted_release(uow: UnitOfWork) -> ModelRelease | None:
    """Queue a training where approved changes wait and nothing is queued for them.

    After a failure the same changes are tried again later and later, and then only when
    somebody asks: what fails three times fails for a reason that people must mend.
    """
    waiting = {change.id for change in knowledge.approved_changes(uow.session)}
    busy = queries.running(uow.session)
    if not waiting or queries.queued(uow.session) is not None:
        return None
    if busy is not None and waiting <= set(busy.change_ids):
        return None
    failures = [
        release
        for release in queries.in_vain_since(uow.session, uow.now - RETRIES_WITHIN)
        if waiting <= set(release.change_ids)
    ]
    if failures:
        if len(failures) > len(RETRIES_AFTER):
            return None
        last = failures[0].finished_at or uow.now
        if uow.now - last < RETRIES_AFTER[len(failures) - 1]:
            return None
    return request_release(uow, requested_by=SYSTEM)


def request_rollback(
    uow: UnitOfWork, version: str, *, operator_id: int, reason: str
) -> ModelRelease:
    """Bring an earlier model back; changes of answers since then stay."""
    if not reason.strip():
        raise RollbackReasonMissing(version=version)
    one_after_the_other(uow)
    release = queries.get_for_change(uow.session, queries.get(uow.session, version).id)
    busy = queries.running(uow.session)
    if busy is not None:
        raise ReleaseUnderway(version=busy.version)
    if release.state is ReleaseState.RETIRED and not release.is_file_there:
        raise ModelFileLost(version=version)
    release.apply(ReleaseStep.BRING_BACK)
    release.rollback_reason, release.rollback_by = reason.strip(), operator_actor(operator_id)
    release.stage, release.percent = "returning", 10
    release.failure_code = release.failure_detail = ""
    release.told_at = uow.now
    uow.announce(
        RollbackRequested(
            at=uow.now, actor=release.rollback_by, version=version, reason=release.rollback_reason
        )
    )
    jobs.defer(uow, jobs.release_model())
    return release


def _next_version(uow: UnitOfWork) -> str:
    base = f"{uow.now:%Y%m%d-%H%M%S}"
    taken = set(
        uow.session.scalars(
            select(ModelRelease.version).where(ModelRelease.version.startswith(base))
        )
    )
    candidates = [base, *(f"{base}-{number}" for number in range(2, len(taken) + 3))]
    return next(candidate for candidate in candidates if candidate not in taken)
