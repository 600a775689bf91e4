"""The tables of menus, of groups of citizens, and of who is in them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.conversations.models import ChannelIdentity
from core.database.base import Base, PrimaryKey
from core.menus import buttons
from core.menus.buttons import Buttons
from core.menus.states import LookOutcome, MenuState, MenuStep, next_state
from core.messaging import ChannelName


class CitizenGroup(Base):
    """Citizens with like needs, who may be shown a menu of their own."""

    __tablename__ = "citizen_groups"

    id: Mapped[PrimaryKey]
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(30), unique=True)
    position: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)

    @property
    def says(self) -> str:
        """What a citizen says to be shown this group's menu."""
        return f"使用{self.name}菜单"


class GroupMember(Base):
    """The group of one citizen at one account, and what the platform knows of it."""

    __tablename__ = "group_members"

    identity_id: Mapped[int] = mapped_column(ForeignKey("channel_identities.id"), primary_key=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("citizen_groups.id"), index=True)
    chosen_at: Mapped[datetime]
    chosen_by: Mapped[str] = mapped_column(String(40))
    # The tag the platform has been given for this citizen: the next one takes its place.
    told_tag_id: Mapped[int | None]
    is_told: Mapped[bool] = mapped_column(default=False)
    error: Mapped[str | None] = mapped_column(Text)

    identity: Mapped[ChannelIdentity] = relationship()
    group: Mapped[CitizenGroup | None] = relationship(lazy="joined")


class GroupTag(Base):
    """The number that an account's platform gave the group's tag."""

    __tablename__ = "group_tags"
    __table_args__ = (UniqueConstraint("channel", "account", "group_id"),)

    id: Mapped[PrimaryKey]
    channel: Mapped[ChannelName]
    account: Mapped[str] = mapped_column(String(40))
    group_id: Mapped[int] = mapped_column(ForeignKey("citizen_groups.id"))
    tag_id: Mapped[int]


class Menu(Base):
    """One version of the menu of an account, for everybody or for one group."""

    __tablename__ = "menus"
    __table_args__ = (
        Index(
            "uq_menus_open",
            "channel",
            "account",
            text("coalesce(group_id, 0)"),
            unique=True,
            postgresql_where=text("state IN ('draft', 'submitted', 'publishing', 'failed')"),
        ),
        Index(
            "uq_menus_online",
            "channel",
            "account",
            text("coalesce(group_id, 0)"),
            unique=True,
            postgresql_where=text("state IN ('published', 'withdrawing')"),
        ),
        Index(
            "uq_menus_number",
            "channel",
            "account",
            text("coalesce(group_id, 0)"),
            "number",
            unique=True,
        ),
    )

    id: Mapped[PrimaryKey]
    channel: Mapped[ChannelName]
    account: Mapped[str] = mapped_column(String(40))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("citizen_groups.id"))
    number: Mapped[int]
    state: Mapped[MenuState] = mapped_column(default=MenuState.DRAFT)
    content: Mapped[list[Any]] = mapped_column(default=list)
    # Part of every save: who looked at an older one does not overwrite a newer one.
    revision: Mapped[int] = mapped_column(default=1)
    based_on: Mapped[int | None]
    editor_ids: Mapped[list[Any]] = mapped_column(default=list)  # none of them may publish it
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("operators.id"))
    sent_back_reason: Mapped[str | None] = mapped_column(Text)
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("operators.id"))
    released_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    platform_menu_id: Mapped[str | None] = mapped_column(String(40))
    error_code: Mapped[str | None] = mapped_column(String(40))
    error: Mapped[str | None] = mapped_column(Text)

    group: Mapped[CitizenGroup | None] = relationship(lazy="joined")

    @property
    def buttons(self) -> Buttons:
        return buttons.read(self.content)

    def apply(self, step: MenuStep) -> None:
        """Move to the state that `step` leads to, or raise IllegalMenuStep."""
        self.state = next_state(self.state, step)


class MenuLook(Base):
    """What the platform showed when it was last looked at, beside what was published here."""

    __tablename__ = "menu_looks"

    channel: Mapped[ChannelName] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(40), primary_key=True)
    looked_at: Mapped[datetime]
    outcome: Mapped[LookOutcome]
    found: Mapped[list[Any]] = mapped_column(default=list)
    error: Mapped[str | None] = mapped_column(Text)
