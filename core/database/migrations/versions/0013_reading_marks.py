"""How far the lists have been read that no push tells of."""

import sqlalchemy as sa
from alembic import op

revision = "0013_reading_marks"
down_revision = "0012_citizens_on_pages"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reading_marks",
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("list_name", sa.String(length=40), nullable=False),
        sa.Column("since_id", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("channel", "account", "list_name", name=op.f("pk_reading_marks")),
    )


def downgrade() -> None:
    op.drop_table("reading_marks")
