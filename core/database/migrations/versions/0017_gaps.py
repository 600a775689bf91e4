"""Questions without a good answer, and their groups."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017_gaps"
down_revision = "0016_case_attachments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gap_groups",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("question_count", sa.Integer(), nullable=False),
        sa.Column("centre", sa.LargeBinary(), nullable=False),
        sa.Column("guess", sa.String(length=80), nullable=True),
        sa.Column("first_asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("slug", sa.String(length=80), nullable=True),
        sa.Column("change_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"], ["faq_changes.id"], name=op.f("fk_gap_groups_change_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["operators.id"], name=op.f("fk_gap_groups_decided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gap_groups")),
    )
    op.create_index("ix_gap_groups_state_question_count", "gap_groups", ["state", "question_count"])
    op.create_table(
        "gaps",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("guesses", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("answered_with", sa.String(length=80), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_gaps_conversation_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["gap_groups.id"], name=op.f("fk_gaps_group_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_gaps_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gaps")),
        sa.UniqueConstraint("message_id", name=op.f("uq_gaps_message_id")),
    )
    op.create_index(op.f("ix_gaps_group_id"), "gaps", ["group_id"])
    op.create_index(
        "ix_messages_unheeded",
        "messages",
        ["finished_at"],
        postgresql_where=sa.text(
            "author = 'citizen' AND understanding ->> 'intent' IN "
            "('nlu_fallback', 'faq_unsure', 'complain_about_answer')"
        ),
    )


def downgrade() -> None:
    op.drop_index("ix_messages_unheeded", "messages")
    op.drop_table("gaps")
    op.drop_table("gap_groups")
