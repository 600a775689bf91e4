"""The event log is append-only: the database itself refuses to change or delete a row."""

from alembic import op

revision = "0003_event_log_is_append_only"
down_revision = "0002_durable_jobs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE FUNCTION refuse_event_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'event_log is append-only';
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER event_log_is_append_only
        BEFORE UPDATE OR DELETE OR TRUNCATE ON event_log
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_event_change()
        """
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER event_log_is_append_only ON event_log")
    op.execute("DROP FUNCTION refuse_event_change()")
