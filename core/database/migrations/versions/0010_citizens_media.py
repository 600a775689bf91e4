"""Citizens' media: files stored once under their hash, and the attachments that want one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010_citizens_media"
down_revision = "0009_menus"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "media_files",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("mime", sa.String(length=80), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("preview_sha256", sa.String(length=64), nullable=True),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_media_files")),
    )
    op.create_index(
        op.f("ix_media_files_preview_sha256"), "media_files", ["preview_sha256"], unique=False
    )
    op.create_table(
        "media_attachments",
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("source", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_media_attachments_conversation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_media_attachments_message_id")
        ),
        sa.ForeignKeyConstraint(
            ["sha256"], ["media_files.sha256"], name=op.f("fk_media_attachments_sha256")
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_media_attachments")),
    )
    for column in ("conversation_id", "sha256"):
        op.create_index(
            op.f(f"ix_media_attachments_{column}"), "media_attachments", [column], unique=False
        )
    op.create_index(
        "ix_media_attachments_unsettled",
        "media_attachments",
        ["wanted_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('wanted', 'fetching')"),
    )


def downgrade() -> None:
    op.drop_table("media_attachments")
    op.drop_table("media_files")
