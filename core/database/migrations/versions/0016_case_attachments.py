"""What a citizen sent about a matter belongs to its case."""

import sqlalchemy as sa
from alembic import op

revision = "0016_case_attachments"
down_revision = "0015_files_of_knowledge"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_attachments",
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_attachments_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["media_attachments.message_id"],
            name=op.f("fk_case_attachments_message_id"),
        ),
        sa.PrimaryKeyConstraint("case_id", "message_id", name=op.f("pk_case_attachments")),
    )
    op.create_index(
        op.f("ix_case_attachments_message_id"), "case_attachments", ["message_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("case_attachments")
