"""Run migrations: one at a time across machines, and never waiting long for a lock."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import create_engine, text

import core.cases.models
import core.channels.models
import core.citizens.models
import core.event_log
import core.gaps.models
import core.knowledge.models
import core.media.models
import core.menus.models
import core.operators.models
import core.releases.models  # noqa: F401 - importing the models fills the metadata
from core.database.base import Base, UtcDateTime

MIGRATION_LOCK = 7_404_250_1


def belongs_to_us(name: str | None, type_: str, _parents: Any) -> bool:
    """Procrastinate keeps its own tables; their schema comes from its own files."""
    return type_ != "table" or not (name or "").startswith("procrastinate")


def render_item(type_: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    if type_ == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    engine = create_engine(context.config.attributes["database_url"])
    with engine.connect() as connection:
        # Another machine's migrations are waited for, however long they take; tables are not.
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
        connection.execute(text("SET lock_timeout = '5s'"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            include_name=belongs_to_us,
            render_item=render_item,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
