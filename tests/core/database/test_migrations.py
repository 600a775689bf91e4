"""The tables are what the models say, and every migration can be taken back."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from core.database import migrate
from core.database.base import driver_url
from core.knowledge import queries as knowledge
from tests.builders import an_entry

ROOT = Path(__file__).parents[3]
VERSIONS = sorted((ROOT / "core/database/migrations/versions").glob("*.py"))


@pytest.fixture
def look(fresh_database_url):
    """Look at the tables of a database of the test's own."""
    engine = create_engine(driver_url(fresh_database_url))
    yield lambda: set(inspect(engine).get_table_names())
    engine.dispose()


@pytest.fixture(scope="module")
def script():
    return ScriptDirectory.from_config(migrate.configuration("postgresql://nowhere/nothing"))


def test_migrations_are_numbered_without_a_gap():
    expected = [f"{number:04d}_" for number in range(1, len(VERSIONS) + 1)]

    assert [file.stem[:5] for file in VERSIONS] == expected
    assert all(re.fullmatch(r"\d{4}_[a-z0-9_]+", file.stem) for file in VERSIONS)


def test_a_revision_is_called_like_its_file(script):
    assert {revision.revision for revision in script.walk_revisions()} == {
        file.stem for file in VERSIONS
    }


def test_each_migration_follows_the_one_before_it(script):
    line = [revision.revision for revision in script.walk_revisions()]

    assert script.get_heads() == [VERSIONS[-1].stem]
    assert line == [file.stem for file in reversed(VERSIONS)]


def test_the_tables_are_what_the_models_say(fresh_database_url):
    migrate.check(fresh_database_url)


def test_everything_can_be_taken_back_and_made_again(fresh_database_url, look):
    made = look()

    migrate.downgrade(fresh_database_url, "base")
    assert look() == {"alembic_version"}
    migrate.upgrade(fresh_database_url)

    assert look() == made
    migrate.check(fresh_database_url)


@pytest.mark.parametrize("file", VERSIONS, ids=lambda file: file.stem)
def test_each_migration_can_be_taken_back_by_itself(fresh_database_url, file):
    migrate.downgrade(fresh_database_url, file.stem)
    migrate.downgrade(fresh_database_url, "-1")
    migrate.upgrade(fresh_database_url)

    migrate.check(fresh_database_url)


def test_nothing_of_the_job_queue_is_left_behind(fresh_database_url):
    migrate.downgrade(fresh_database_url, "0001_first_tables")

    engine = create_engine(driver_url(fresh_database_url))
    with engine.connect() as connection:
        left = connection.scalars(
            text(
                "SELECT proname FROM pg_proc WHERE proname LIKE 'procrastinate%'"
                " UNION SELECT typname FROM pg_type WHERE typname LIKE 'procrastinate%'"
            )
        ).all()
    engine.dispose()
    assert left == []


def test_two_machines_may_migrate_at_the_same_time(fresh_database_url, look):
    migrate.downgrade(fresh_database_url, "base")
    program = f"from core.database.migrate import upgrade; upgrade({fresh_database_url!r})"

    machines = [
        subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, env=os.environ)
        for _ in range(2)
    ]

    assert [machine.wait(timeout=60) for machine in machines] == [0, 0]
    assert "cases" in look()


def test_what_was_live_before_versions_were_kept_is_the_first_of_them(
    fresh_database_url, fresh_core
):
    with fresh_core.unit_of_work() as uow:
        before = an_entry(uow, slug="loss", steps=["一"]).content
    migrate.downgrade(fresh_database_url, "0007_changes_of_knowledge")
    migrate.upgrade(fresh_database_url)

    with fresh_core.unit_of_work() as uow:
        [version] = knowledge.history(uow.session, "loss")

    assert (version.version, version.author_id) == (1, None)
    assert version.content.as_json() == before.as_json()
