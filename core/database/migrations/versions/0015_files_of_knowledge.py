"""Files of knowledge that were sent and are not taken in yet."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015_files_of_knowledge"
down_revision = "0014_model_releases"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "knowledge_imports",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("operator_id", sa.BigInteger(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored_lines", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operators.id"], name=op.f("fk_knowledge_imports_operator_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_imports")),
    )
    op.create_index(op.f("ix_knowledge_imports_operator_id"), "knowledge_imports", ["operator_id"])


def downgrade() -> None:
    op.drop_table("knowledge_imports")
