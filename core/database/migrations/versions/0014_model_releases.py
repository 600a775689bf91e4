"""Models: those on their way, the live one, and those before it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014_model_releases"
down_revision = "0013_reading_marks"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = postgresql.JSONB(astext_type=sa.Text())


def upgrade() -> None:
    op.create_table(
        "model_releases",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("version", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("is_running", sa.Boolean(), nullable=True),
        sa.Column("is_bootstrap", sa.Boolean(), nullable=False),
        sa.Column("requested_by", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("change_ids", JSON, nullable=False),
        sa.Column("report", JSON, nullable=True),
        sa.Column("failure_code", sa.String(length=60), nullable=False),
        sa.Column("failure_detail", sa.Text(), nullable=False),
        sa.Column("rollback_reason", sa.Text(), nullable=False),
        sa.Column("rollback_by", sa.String(length=40), nullable=False),
        sa.Column("questions", sa.Integer(), nullable=False),
        sa.Column("forms", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("is_file_there", sa.Boolean(), nullable=False),
        sa.Column("troubles", JSON, nullable=False),
        sa.Column("queued_at", MOMENT, nullable=False),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("live_at", MOMENT, nullable=True),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_releases")),
        sa.UniqueConstraint("version", name=op.f("uq_model_releases_version")),
        sa.UniqueConstraint("is_running", name=op.f("uq_model_releases_is_running")),
    )
    for state in ("live", "queued"):
        op.create_index(
            f"uq_model_releases_{state}",
            "model_releases",
            ["state"],
            unique=True,
            postgresql_where=sa.text(f"state = '{state}'"),
        )


def downgrade() -> None:
    op.drop_table("model_releases")
