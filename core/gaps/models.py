"""Open questions and their groups."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database.base import Base, PrimaryKey
from core.gaps.states import GapKind, GapState, GapStep, next_state


class GapGroup(Base):
    """Questions of one meaning. `title` is the first of them, `centre` where they meet."""

    __tablename__ = "gap_groups"
    __table_args__ = (Index(None, "state", "question_count"),)

    id: Mapped[PrimaryKey]
    title: Mapped[str] = mapped_column(Text)
    state: Mapped[GapState] = mapped_column(default=GapState.OPEN)
    question_count: Mapped[int] = mapped_column(default=0)
    centre: Mapped[bytes] = mapped_column(LargeBinary)
    guess: Mapped[str | None] = mapped_column(String(80))
    first_asked_at: Mapped[datetime]
    last_asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("operators.id"))
    slug: Mapped[str | None] = mapped_column(String(80))  # of the entry that was to learn them
    change_id: Mapped[int | None] = mapped_column(ForeignKey("faq_changes.id"))
    reason: Mapped[str] = mapped_column(Text, default="")  # why it was dismissed

    def apply(self, step: GapStep) -> None:
        """Move to the state that `step` leads to, or raise IllegalGapStep."""
        self.state = next_state(self.state, step)


class Gap(Base):
    """One question of a citizen, as staff may read it: long numbers are masked."""

    __tablename__ = "gaps"

    id: Mapped[PrimaryKey]
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), unique=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    kind: Mapped[GapKind]
    text: Mapped[str] = mapped_column(Text)
    guesses: Mapped[list[str]] = mapped_column(default=list)  # likely entries, the likeliest first
    answered_with: Mapped[str | None] = mapped_column(String(80))  # what did not help
    asked_at: Mapped[datetime]
    group_id: Mapped[int | None] = mapped_column(ForeignKey("gap_groups.id"), index=True)

    group: Mapped[GapGroup | None] = relationship()
