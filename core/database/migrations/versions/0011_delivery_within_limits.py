"""What the platforms let us send, what they report, and what is owed in another form."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011_delivery_within_limits"
down_revision = "0010_citizens_media"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NAME = sa.String(length=32)


def upgrade() -> None:
    op.create_table(
        "send_windows",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("identity_id", sa.BigInteger(), nullable=False),
        sa.Column("trigger", NAME, nullable=False),
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.Column("allowed", sa.Integer(), nullable=True),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["identity_id"], ["channel_identities.id"], name=op.f("fk_send_windows_identity_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_send_windows")),
        sa.UniqueConstraint(
            "identity_id",
            "trigger",
            "about",
            name=op.f("uq_send_windows_identity_id_trigger_about"),
        ),
    )
    op.create_table(
        "notice_consents",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("identity_id", sa.BigInteger(), nullable=False),
        sa.Column("template_id", sa.String(length=64), nullable=False),
        sa.Column("is_granted", sa.Boolean(), nullable=False),
        sa.Column("uses_left", sa.Integer(), nullable=False),
        sa.Column("scene", sa.String(length=32), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["identity_id"], ["channel_identities.id"], name=op.f("fk_notice_consents_identity_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_consents")),
        sa.UniqueConstraint(
            "identity_id", "template_id", name=op.f("uq_notice_consents_identity_id_template_id")
        ),
    )
    op.create_table(
        "platform_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("identity_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", NAME, nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("dedupe_key", sa.String(length=200), nullable=False),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["identity_id"], ["channel_identities.id"], name=op.f("fk_platform_events_identity_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_events")),
        sa.UniqueConstraint(
            "channel",
            "account",
            "dedupe_key",
            name=op.f("uq_platform_events_channel_account_dedupe_key"),
        ),
    )
    op.create_index(op.f("ix_platform_events_identity_id"), "platform_events", ["identity_id"])
    op.create_table(
        "erasure_requests",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("identity_id", sa.BigInteger(), nullable=False),
        sa.Column("scopes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("erased_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["identity_id"], ["channel_identities.id"], name=op.f("fk_erasure_requests_identity_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_requests")),
    )
    op.create_index(op.f("ix_erasure_requests_identity_id"), "erasure_requests", ["identity_id"])
    op.add_column("channel_identities", sa.Column("unreachable_since", MOMENT, nullable=True))
    op.add_column(
        "channel_identities", sa.Column("unreachable_code", sa.String(length=40), nullable=True)
    )
    op.add_column("channel_accounts", sa.Column("menus_refused_at", MOMENT, nullable=True))
    op.add_column("conversations", sa.Column("typing_shown_at", MOMENT, nullable=True))
    op.add_column("messages", sa.Column("pushes", sa.Integer(), server_default="1", nullable=False))
    op.add_column("deliveries", sa.Column("held_for", NAME, nullable=True))
    op.add_column("deliveries", sa.Column("notice_id", sa.String(length=64), nullable=True))
    op.add_column("deliveries", sa.Column("noticed_at", MOMENT, nullable=True))
    op.create_index(op.f("ix_deliveries_notice_id"), "deliveries", ["notice_id"])
    # Who has written lately can be answered, as they could before.
    op.execute(
        "INSERT INTO send_windows"
        " (identity_id, trigger, about, allowed, sent, opened_at, expires_at)"
        " SELECT talk.identity_id, 'message', '',"
        " CASE WHEN identity.channel = 'wechat' THEN 5 END, 0,"
        " talk.last_inbound_at, talk.last_inbound_at + interval '48 hours'"
        " FROM conversations talk JOIN channel_identities identity"
        " ON identity.id = talk.identity_id"
        " WHERE talk.last_inbound_at > now() - interval '48 hours'"
        " AND identity.left_at IS NULL"
    )
    op.execute("UPDATE deliveries SET held_for = 'quota_used' WHERE state = 'held'")


def downgrade() -> None:
    op.drop_index(op.f("ix_deliveries_notice_id"), table_name="deliveries")
    for column in ("noticed_at", "notice_id", "held_for"):
        op.drop_column("deliveries", column)
    op.drop_column("messages", "pushes")
    op.drop_column("conversations", "typing_shown_at")
    op.drop_column("channel_accounts", "menus_refused_at")
    op.drop_column("channel_identities", "unreachable_code")
    op.drop_column("channel_identities", "unreachable_since")
    for table in ("erasure_requests", "platform_events", "notice_consents", "send_windows"):
        op.drop_table(table)
