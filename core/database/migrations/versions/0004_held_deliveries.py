"""Deliveries held until the citizen writes again are open ones, too."""

import sqlalchemy as sa
from alembic import op

revision = "0004_held_deliveries"
down_revision = "0003_event_log_is_append_only"
branch_labels = None
depends_on = None


def upgrade() -> None:
    open_states("'pending', 'sending', 'held'")


def downgrade() -> None:
    open_states("'pending', 'sending'")


def open_states(states: str) -> None:
    op.drop_index("ix_deliveries_open", table_name="deliveries")
    op.create_index(
        "ix_deliveries_open",
        "deliveries",
        ["conversation_id", "message_id"],
        postgresql_where=sa.text(f"state IN ({states})"),
    )
