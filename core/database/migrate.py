"""Bring the tables to the newest form, or make a new migration from the models."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from core.database.base import driver_url


def configuration(database_url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("file_template", "%%(rev)s")
    config.set_main_option("path_separator", "os")
    config.attributes["database_url"] = driver_url(database_url)
    return config


def upgrade(database_url: str, revision: str = "head") -> None:
    command.upgrade(configuration(database_url), revision)


def downgrade(database_url: str, revision: str) -> None:
    command.downgrade(configuration(database_url), revision)


def check(database_url: str) -> None:
    """Raise when the models have something that no migration makes."""
    command.check(configuration(database_url))


def draft(database_url: str, name: str, message: str) -> None:
    """Write a new migration for what the models have and the tables lack, to be read and edited."""
    command.revision(configuration(database_url), message, autogenerate=True, rev_id=name)
