"""Pictures that citizens put into forms about their cases."""

import sqlalchemy as sa
from alembic import op

revision = "0019_case_photos"
down_revision = "0018_erasures_are_checked"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "media_uploads",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["sha256"], ["media_files.sha256"], name=op.f("fk_media_uploads_sha256")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_uploads")),
    )
    op.create_index(op.f("ix_media_uploads_sha256"), "media_uploads", ["sha256"], unique=False)
    op.create_table(
        "case_photos",
        sa.Column("upload_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("addition_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["addition_id"], ["case_additions.id"], name=op.f("fk_case_photos_addition_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_photos_case_id")),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["media_uploads.id"], name=op.f("fk_case_photos_upload_id")
        ),
        sa.PrimaryKeyConstraint("upload_id", name=op.f("pk_case_photos")),
    )
    op.create_index(op.f("ix_case_photos_case_id"), "case_photos", ["case_id"], unique=False)
    op.create_index(
        op.f("ix_case_photos_addition_id"), "case_photos", ["addition_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("case_photos")
    op.drop_table("media_uploads")
