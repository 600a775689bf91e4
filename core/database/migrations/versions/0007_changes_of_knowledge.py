"""Changes of knowledge on their way to citizens, and every version that was live."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007_changes_of_knowledge"
down_revision = "0006_channel_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("faq_entries", sa.Column("link", sa.Text(), nullable=True))
    op.add_column("faq_entries", sa.Column("phone", sa.String(length=80), nullable=True))
    op.add_column(
        "faq_entries",
        sa.Column("is_people_only", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_table(
        "entry_versions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stored_content", postgresql.JSONB(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("reviewer_id", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("model_version", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["faq_entries.id"], name=op.f("fk_entry_versions_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["operators.id"], name=op.f("fk_entry_versions_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["operators.id"], name=op.f("fk_entry_versions_reviewer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_versions")),
        sa.UniqueConstraint("entry_id", "version", name=op.f("uq_entry_versions_entry_id_version")),
    )
    op.create_table(
        "faq_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("stored_content", postgresql.JSONB(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("reviewer_id", sa.BigInteger(), nullable=True),
        sa.Column("review_note", sa.Text(), nullable=False),
        sa.Column("stored_refusals", postgresql.JSONB(), nullable=False),
        sa.Column("model_version", sa.String(length=120), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["operators.id"], name=op.f("fk_faq_changes_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["operators.id"], name=op.f("fk_faq_changes_reviewer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq_changes")),
    )
    op.create_index(op.f("ix_faq_changes_slug"), "faq_changes", ["slug"])
    op.create_index(op.f("ix_faq_changes_state"), "faq_changes", ["state"])
    op.create_index(
        "uq_faq_changes_underway",
        "faq_changes",
        ["slug"],
        unique=True,
        postgresql_where=sa.text("state = 'approved'"),
    )


def downgrade() -> None:
    op.drop_table("faq_changes")
    op.drop_table("entry_versions")
    op.drop_column("faq_entries", "is_people_only")
    op.drop_column("faq_entries", "phone")
    op.drop_column("faq_entries", "link")
