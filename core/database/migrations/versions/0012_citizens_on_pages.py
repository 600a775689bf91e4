"""Citizens on the office's pages: links into them, linked identities, what was added to a case."""

import sqlalchemy as sa
from alembic import op

revision = "0012_citizens_on_pages"
down_revision = "0011_delivery_within_limits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("citizens", sa.Column("linked_to_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_citizens_linked_to_id"), "citizens", "citizens", ["linked_to_id"], ["id"]
    )
    op.create_index(op.f("ix_citizens_linked_to_id"), "citizens", ["linked_to_id"], unique=False)
    op.add_column(
        "channel_identities",
        sa.Column("page_version", sa.Integer(), server_default="0", nullable=False),
    )
    op.create_table(
        "page_links",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("identity_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["identity_id"], ["channel_identities.id"], name=op.f("fk_page_links_identity_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_page_links_token_hash")),
    )
    op.create_index(op.f("ix_page_links_identity_id"), "page_links", ["identity_id"])
    op.create_index(op.f("ix_page_links_expires_at"), "page_links", ["expires_at"])
    op.create_table(
        "linking_codes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code_fingerprint", sa.String(length=64), nullable=False),
        sa.Column("identity_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["identity_id"], ["channel_identities.id"], name=op.f("fk_linking_codes_identity_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linking_codes")),
        sa.UniqueConstraint("code_fingerprint", name=op.f("uq_linking_codes_code_fingerprint")),
    )
    op.create_index(op.f("ix_linking_codes_identity_id"), "linking_codes", ["identity_id"])
    op.create_index(op.f("ix_linking_codes_expires_at"), "linking_codes", ["expires_at"])
    op.create_table(
        "page_visits",
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_seq", sa.Integer(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_page_visits_conversation_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_page_visits")),
    )
    op.add_column("cases", sa.Column("contact_fingerprint", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_cases_contact_fingerprint"), "cases", ["contact_fingerprint"])
    op.create_table(
        "case_additions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("form_key", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_additions_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_additions")),
        sa.UniqueConstraint("form_key", name=op.f("uq_case_additions_form_key")),
    )
    op.create_index(op.f("ix_case_additions_case_id"), "case_additions", ["case_id"])


def downgrade() -> None:
    op.drop_table("case_additions")
    op.drop_index(op.f("ix_cases_contact_fingerprint"), table_name="cases")
    op.drop_column("cases", "contact_fingerprint")
    op.drop_table("page_visits")
    op.drop_table("linking_codes")
    op.drop_table("page_links")
    op.drop_column("channel_identities", "page_version")
    op.drop_index(op.f("ix_citizens_linked_to_id"), table_name="citizens")
    op.drop_constraint(op.f("fk_citizens_linked_to_id"), "citizens", type_="foreignkey")
    op.drop_column("citizens", "linked_to_id")
