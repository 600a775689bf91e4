"""Menus of the accounts, groups of citizens, and what the platforms know of both."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009_menus"
down_revision = "0008_first_versions"
branch_labels = None
depends_on = None

CHANNEL = sa.String(length=32)
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _groups()
    _menus()


def _groups() -> None:
    op.create_table(
        "citizen_groups",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citizen_groups")),
        sa.UniqueConstraint("code", name=op.f("uq_citizen_groups_code")),
        sa.UniqueConstraint("name", name=op.f("uq_citizen_groups_name")),
    )
    op.create_table(
        "group_members",
        sa.Column("identity_id", sa.BigInteger(), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=True),
        sa.Column("chosen_at", MOMENT, nullable=False),
        sa.Column("chosen_by", sa.String(length=40), nullable=False),
        sa.Column("told_tag_id", sa.Integer(), nullable=True),
        sa.Column("is_told", sa.Boolean(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"], ["citizen_groups.id"], name=op.f("fk_group_members_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["identity_id"],
            ["channel_identities.id"],
            name=op.f("fk_group_members_identity_id"),
        ),
        sa.PrimaryKeyConstraint("identity_id", name=op.f("pk_group_members")),
    )
    op.create_index(op.f("ix_group_members_group_id"), "group_members", ["group_id"])
    op.create_table(
        "group_tags",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("channel", CHANNEL, nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["citizen_groups.id"], name=op.f("fk_group_tags_group_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_tags")),
        sa.UniqueConstraint(
            "channel", "account", "group_id", name=op.f("uq_group_tags_channel_account_group_id")
        ),
    )


def _menus() -> None:
    op.create_table(
        "menus",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("channel", CHANNEL, nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=True),
        sa.Column("editor_ids", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=False),
        sa.Column("sent_back_reason", sa.Text(), nullable=True),
        sa.Column("released_by_id", sa.BigInteger(), nullable=True),
        sa.Column("released_at", MOMENT, nullable=True),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("platform_menu_id", sa.String(length=40), nullable=True),
        sa.Column("error_code", sa.String(length=40), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["operators.id"], name=op.f("fk_menus_changed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["citizen_groups.id"], name=op.f("fk_menus_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["released_by_id"], ["operators.id"], name=op.f("fk_menus_released_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_menus")),
    )
    place: list[Any] = ["channel", "account", sa.text("coalesce(group_id, 0)")]
    op.create_index(
        "uq_menus_open",
        "menus",
        place,
        unique=True,
        postgresql_where=sa.text("state IN ('draft', 'submitted', 'publishing', 'failed')"),
    )
    op.create_index(
        "uq_menus_online",
        "menus",
        place,
        unique=True,
        postgresql_where=sa.text("state IN ('published', 'withdrawing')"),
    )
    op.create_index("uq_menus_number", "menus", [*place, "number"], unique=True)
    op.create_table(
        "menu_looks",
        sa.Column("channel", CHANNEL, nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("looked_at", MOMENT, nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("found", postgresql.JSONB(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("channel", "account", name=op.f("pk_menu_looks")),
    )


def downgrade() -> None:
    for table in ("menu_looks", "menus", "group_tags", "group_members", "citizen_groups"):
        op.drop_table(table)
