"""Questions about models. Reading only: changes are in services.py."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.releases.errors import ReleaseNotFound
from core.releases.models import ModelRelease
from core.releases.states import IN_VAIN, PASSED, RUNNING, ReleaseState


def get(session: Session, version: str) -> ModelRelease:
    release = session.scalars(select(ModelRelease).filter_by(version=version)).one_or_none()
    if release is None:
        raise ReleaseNotFound(version=version)
    return release


def get_for_change(session: Session, release_id: int) -> ModelRelease:
    """Fetch and lock the release until this unit of work ends."""
    release = session.scalars(
        select(ModelRelease)
        .filter_by(id=release_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if release is None:
        raise ReleaseNotFound(release_id=release_id)
    return release


def live(session: Session) -> ModelRelease | None:
    return session.scalars(select(ModelRelease).filter_by(state=ReleaseState.LIVE)).one_or_none()


def queued(session: Session) -> ModelRelease | None:
    return session.scalars(select(ModelRelease).filter_by(state=ReleaseState.QUEUED)).one_or_none()


def running(session: Session) -> ModelRelease | None:
    return session.scalars(
        select(ModelRelease).where(ModelRelease.state.in_(RUNNING))
    ).one_or_none()


def history(session: Session, *, limit: int = 30) -> Sequence[ModelRelease]:
    return session.scalars(
        select(ModelRelease).order_by(ModelRelease.queued_at.desc(), ModelRelease.id.desc())
        .limit(limit)
    ).all()  # fmt: skip


def passed(session: Session) -> Sequence[ModelRelease]:
    """Return the models that were live at some time, those of late first."""
    return session.scalars(
        select(ModelRelease)
        .where(ModelRelease.state.in_(PASSED))
        .order_by(ModelRelease.live_at.desc(), ModelRelease.id.desc())
    ).all()


def in_vain_since(session: Session, moment: datetime) -> Sequence[ModelRelease]:
    """Return the trainings since then that brought nothing live, newest first."""
    return session.scalars(
        select(ModelRelease)
        .where(ModelRelease.state.in_(IN_VAIN), ModelRelease.finished_at > moment)
        .order_by(ModelRelease.finished_at.desc())
    ).all()
