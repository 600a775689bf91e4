"""Working on a model: taking it up, telling how far it is, and how it ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core.knowledge import queries as knowledge
from core.knowledge.contents import Refusal
from core.knowledge.services import refuse_changes, release_changes
from core.releases import queries
from core.releases.errors import IllegalReleaseStep, ReleaseUnderway
from core.releases.events import (
    ModelWentLive,
    ReleaseFailed,
    ReleaseProgressed,
    ReleaseRefused,
)
from core.releases.models import ModelRelease
from core.releases.services.order import one_after_the_other
from core.releases.states import RUNNING, ReleaseState, ReleaseStep
from core.unit_of_work import UnitOfWork

# Whoever works on a model says so every second or two; after this silence it is dead.
SILENCE = timedelta(seconds=20)
INTERRUPTED = "interrupted"
BEFORE_CHECKING = frozenset({"starting", "validating", "learning"})


@dataclass(frozen=True)
class BuiltModel:
    """What the trainer says of a model that it keeps."""

    version: str
    sha256: str
    size_bytes: int
    questions: int
    forms: int


def start_next(uow: UnitOfWork) -> ModelRelease | None:
    """Take up what is to be brought back, else the training that waits; None if there is none."""
    one_after_the_other(uow)
    fail_interrupted(uow)
    busy = queries.running(uow.session)
    if busy is not None:
        if busy.state is ReleaseState.RETURNING and busy.stage == "returning":
            return _sign_of_life(uow, busy, "swapping", 60)
        raise ReleaseUnderway(version=busy.version)
    waiting = queries.queued(uow.session)
    if waiting is None:
        return None
    waiting.apply(ReleaseStep.START)
    waiting.change_ids = [change.id for change in knowledge.approved_changes(uow.session)]
    waiting.started_at = uow.now
    return _sign_of_life(uow, waiting, "starting", 1)


def tell_progress(uow: UnitOfWork, release_id: int, *, stage: str, percent: int) -> ModelRelease:
    """Note how far it is; raises IllegalReleaseStep when it was given up meanwhile."""
    release = _worked_on(uow, release_id)
    if release.state is ReleaseState.TRAINING and stage not in BEFORE_CHECKING:
        release.apply(ReleaseStep.CHECK)
    return _sign_of_life(uow, release, stage, percent)


def go_live(
    uow: UnitOfWork,
    release_id: int,
    built: BuiltModel,
    *,
    report: dict[str, Any] | None = None,
    refused: Mapping[int, Sequence[Refusal]] | None = None,
) -> ModelRelease:
    """Let it live, with the changes it has learnt; those it must not learn go back."""
    release = _worked_on(uow, release_id)
    before = queries.live(uow.session)
    if before is not None:
        before.apply(ReleaseStep.RETIRE)
        before.retired_at = uow.now
        uow.session.flush()  # only one may be live, and rows are written in no certain order
    is_return = release.state is ReleaseState.RETURNING
    if release.state is ReleaseState.TRAINING:
        release.apply(ReleaseStep.CHECK)
    release.apply(ReleaseStep.GO_LIVE)
    release.sha256, release.size_bytes = built.sha256, built.size_bytes
    release.is_file_there = True
    release.stage, release.percent = "", 100
    release.live_at = release.finished_at = uow.now
    if not is_return:
        release.report = report
        release.questions, release.forms = built.questions, built.forms
        release.fingerprint = (report or {}).get("fingerprint", "")
        taught = set(release.change_ids) - set(refused or ())
        release_changes(uow, sorted(taught), model_version=release.version)
        refuse_changes(uow, refused or {})
    uow.announce(
        ModelWentLive(
            at=uow.now,
            actor=release.rollback_by if is_return else release.requested_by,
            version=release.version,
            replaced=before.version if before else None,
        )
    )
    return release


def refuse(
    uow: UnitOfWork,
    release_id: int,
    report: dict[str, Any],
    refused: Mapping[int, Sequence[Refusal]],
) -> ModelRelease:
    """Keep the live model, and give the changes back to their authors with the reasons."""
    release = _worked_on(uow, release_id)
    release.apply(ReleaseStep.REFUSE)
    release.report, release.finished_at = report, uow.now
    refuse_changes(uow, refused)
    uow.announce(ReleaseRefused(at=uow.now, version=release.version))
    return release


def fail(uow: UnitOfWork, release_id: int, *, code: str, detail: str = "") -> ModelRelease:
    """Note that it came to no end; the live model goes on, and the changes wait."""
    release = queries.get_for_change(uow.session, release_id)
    if release.state in RUNNING:
        _fail(uow, release, code, detail)
    return release


def fail_interrupted(uow: UnitOfWork) -> ModelRelease | None:
    """Give up what nobody works on any more: the process that did was killed."""
    busy = queries.running(uow.session)
    if busy is None or (busy.told_at is not None and uow.now - busy.told_at < SILENCE):
        return None
    release = queries.get_for_change(uow.session, busy.id)
    _fail(uow, release, INTERRUPTED, release.stage)
    uow.session.flush()  # the next may start only when this row is no longer running
    return release


def _worked_on(uow: UnitOfWork, release_id: int) -> ModelRelease:
    release = queries.get_for_change(uow.session, release_id)
    if release.state not in RUNNING:
        raise IllegalReleaseStep(state=release.state, step="go_on")
    return release


def _sign_of_life(uow: UnitOfWork, release: ModelRelease, stage: str, percent: int) -> ModelRelease:
    if (release.stage, release.percent) != (stage, percent):
        uow.announce(ReleaseProgressed(at=uow.now, version=release.version))
    release.stage, release.percent, release.told_at = stage, percent, uow.now
    return release


def _fail(uow: UnitOfWork, release: ModelRelease, code: str, detail: str) -> None:
    is_return = release.state is ReleaseState.RETURNING
    release.apply(ReleaseStep.STAY_AWAY if is_return else ReleaseStep.FAIL)
    release.failure_code, release.failure_detail = code, detail
    if not is_return:
        release.finished_at = uow.now
    uow.announce(ReleaseFailed(at=uow.now, version=release.version, code=code))
