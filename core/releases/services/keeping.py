"""Keeping models: what came with the program, which files are there, what troubles the servers."""

from collections.abc import Collection, Sequence

from core.events import SYSTEM
from core.releases import queries
from core.releases.events import ModelFileMissed, ModelInstalled, ReleaseProgressed
from core.releases.models import ModelRelease
from core.releases.services.order import one_after_the_other
from core.releases.services.working import BuiltModel
from core.releases.states import ReleaseState, ReleaseStep
from core.unit_of_work import UnitOfWork

KEPT = 5  # models that were live before, and may be brought back


def install(uow: UnitOfWork, built: BuiltModel, *, note: str) -> ModelRelease:
    """Enter the model that came with the program as the live one."""
    one_after_the_other(uow)
    before = queries.live(uow.session)
    if before is not None:
        before.apply(ReleaseStep.RETIRE)
        before.retired_at = uow.now
        uow.session.flush()  # only one may be live
    release = ModelRelease(
        version=built.version,
        state=ReleaseState.LIVE,
        is_bootstrap=True,
        requested_by=SYSTEM,
        note=note,
        percent=100,
        questions=built.questions,
        forms=built.forms,
        sha256=built.sha256,
        size_bytes=built.size_bytes,
        is_file_there=True,
        queued_at=uow.now,
        finished_at=uow.now,
        live_at=uow.now,
    )
    uow.session.add(release)
    uow.announce(ModelInstalled(at=uow.now, version=release.version))
    return release


def note_files(uow: UnitOfWork, whole: Collection[str], *, kept: Collection[str]) -> list[str]:
    """Note which models still have their file; return the versions newly found without one.

    `kept` are those that nobody has dropped on purpose.
    """
    lost = []
    for release in queries.passed(uow.session):
        is_there = release.version in whole
        if release.is_file_there and not is_there and release.version in kept:
            lost.append(release.version)
            uow.announce(ModelFileMissed(at=uow.now, version=release.version))
        if release.is_file_there != is_there:
            release.is_file_there = is_there
    return lost


def note_troubles(uow: UnitOfWork, troubles: Sequence[str]) -> None:
    """Note at the live model what is wrong with the servers, for the console."""
    live = queries.live(uow.session)
    if live is not None and live.troubles != list(troubles):
        live.troubles = list(troubles)
        uow.announce(ReleaseProgressed(at=uow.now, version=live.version))


def to_keep(uow: UnitOfWork) -> list[str]:
    """Return the versions whose files stay: the last ones that were live."""
    return [release.version for release in queries.passed(uow.session)[: KEPT + 1]]
