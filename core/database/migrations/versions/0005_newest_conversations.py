"""The newest conversations are found without sorting all."""

from alembic import op

revision = "0005_newest_conversations"
down_revision = "0004_held_deliveries"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_conversations_last_message_at", "conversations", ["last_message_at"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_conversations_last_message_at", table_name="conversations")
