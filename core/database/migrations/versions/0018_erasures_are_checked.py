"""Erasures are checked by one person and carried out by another."""

import sqlalchemy as sa
from alembic import op

revision = "0018_erasures_are_checked"
down_revision = "0017_gaps"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
PEOPLE = ("checked_by_id", "erased_by_id")


def upgrade() -> None:
    op.add_column(
        "erasure_requests",
        sa.Column("state", sa.String(length=32), server_default="requested", nullable=False),
    )
    op.add_column("erasure_requests", sa.Column("checked_at", MOMENT, nullable=True))
    op.add_column(
        "erasure_requests", sa.Column("note", sa.Text(), server_default="", nullable=False)
    )
    for name in PEOPLE:
        op.add_column("erasure_requests", sa.Column(name, sa.BigInteger(), nullable=True))
        op.create_foreign_key(
            op.f(f"fk_erasure_requests_{name}"), "erasure_requests", "operators", [name], ["id"]
        )


def downgrade() -> None:
    for name in (*PEOPLE, "checked_at", "note", "state"):
        op.drop_column("erasure_requests", name)
