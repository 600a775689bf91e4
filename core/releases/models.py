"""The table of models: those on their way, the live one, and those before it."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, PrimaryKey
from core.releases.states import RUNNING, ReleaseState, ReleaseStep, next_state


class ModelRelease(Base):
    """One model and how it came about.

    `told_at` is the last sign of life of whoever works on it. `report` is the gate's, without
    what the model learnt; `failure_code` says why no report came about.
    """

    __tablename__ = "model_releases"
    __table_args__ = (
        Index(
            "uq_model_releases_live", "state", unique=True, postgresql_where=text("state = 'live'")
        ),
        Index(
            "uq_model_releases_queued",
            "state",
            unique=True,
            postgresql_where=text("state = 'queued'"),
        ),
    )

    id: Mapped[PrimaryKey]
    version: Mapped[str] = mapped_column(String(60), unique=True)
    state: Mapped[ReleaseState]
    is_running: Mapped[bool | None] = mapped_column(unique=True)  # at most one is, others are None
    is_bootstrap: Mapped[bool] = mapped_column(default=False)
    requested_by: Mapped[str] = mapped_column(String(40))
    note: Mapped[str] = mapped_column(Text, default="")
    stage: Mapped[str] = mapped_column(String(40), default="")
    percent: Mapped[int] = mapped_column(default=0)
    change_ids: Mapped[list[Any]] = mapped_column(default=list)
    report: Mapped[dict[str, Any] | None]
    failure_code: Mapped[str] = mapped_column(String(60), default="")
    failure_detail: Mapped[str] = mapped_column(Text, default="")
    rollback_reason: Mapped[str] = mapped_column(Text, default="")
    rollback_by: Mapped[str] = mapped_column(String(40), default="")
    questions: Mapped[int] = mapped_column(default=0)
    forms: Mapped[int] = mapped_column(default=0)
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    size_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    is_file_there: Mapped[bool] = mapped_column(default=False)
    troubles: Mapped[list[str]] = mapped_column(default=list)
    queued_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    live_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]

    def apply(self, step: ReleaseStep) -> None:
        """Move to the state that `step` leads to, or raise IllegalReleaseStep."""
        self.state = next_state(self.state, step)
        self.is_running = True if self.state in RUNNING else None

    @property
    def can_be_brought_back(self) -> bool:
        return self.state is ReleaseState.RETIRED and self.is_file_there

    @property
    def is_rollback(self) -> bool:
        return bool(self.rollback_by)
