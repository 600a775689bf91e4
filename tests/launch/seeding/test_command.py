"""`python -m launch.seeding`, as the supervisor runs it."""

import os
import subprocess
import sys

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from core.database.base import driver_url
from core.departments.services import add_department
from launch.programs import ROOT
from launch.seeding.filling import is_empty
from tests.launch.seeding.conftest import PASSWORD


@pytest.fixture
def seed(fresh_database_url):
    def run(**environment):
        return subprocess.run(
            [sys.executable, "-m", "launch.seeding"],
            cwd=ROOT,
            env={
                "PATH": os.environ["PATH"],
                "DATABASE_URL": fresh_database_url,
                "DESK_ENV_FILE": "",
                "DESK_SECRET_KEY": "for this test only",
                "DESK_DATA_KEY": "for this test only",
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture
def has_data(fresh_database_url):
    engine = create_engine(driver_url(fresh_database_url))

    def look():
        with Session(engine) as session:
            return not is_empty(session)

    yield look
    engine.dispose()


def test_an_empty_database_is_filled_once(seed, has_data):
    first, second = seed(DESK_DEMO_PASSWORD=PASSWORD), seed(DESK_DEMO_PASSWORD=PASSWORD)

    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.startswith("已写入演示数据：")
    assert first.stdout.count("\n") == 1
    assert (second.returncode, second.stdout) == (0, "数据库中已有数据，没有写入演示数据。\n")
    assert has_data()


@pytest.mark.parametrize("password", ["", "too weak", "123456789012", "tianhui-tianhui"])
def test_without_a_good_password_nothing_is_written(seed, has_data, password):
    refused = seed(DESK_DEMO_PASSWORD=password)

    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("没有写入演示数据：DESK_DEMO_PASSWORD")
    assert refused.stderr.count("\n") == 1
    assert not has_data()


def test_a_database_with_data_of_the_office_is_left_alone(seed, fresh_core):
    with fresh_core.unit_of_work() as uow:
        add_department(uow, code="government", name="县政府")

    left_alone = seed(DESK_DEMO_PASSWORD=PASSWORD)

    assert left_alone.stdout == "数据库中已有数据，没有写入演示数据。\n"
