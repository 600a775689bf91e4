"""The demo, told on different days into a database of its own."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from core.bootstrap import Core
from core.clock import OFFICE_TIMEZONE
from core.office import Office
from core.sealing import Seal
from launch.seeding import faq
from launch.seeding.filling import fill, is_empty
from launch.seeding.story import Cast

PASSWORD = "Wenzheng-123456"
# The entries that the demo's conversations speak of; the whole FAQ would take longer.
TOPICS = (
    "environment_noise",
    "household_registration",
    "housing_fund",
    "id_card",
    "marriage",
    "medical_insurance",
)
DAYS = {
    "a Sunday morning": "2026-11-22 08:00",
    "a Tuesday just after midnight": "2026-11-24 00:05",
    "the last working day before 国庆, at night": "2026-09-30 23:50",
    "the middle of December": "2026-12-16 10:00",
}


@dataclass(frozen=True)
class Demo:
    now: datetime
    core: Core
    session: Session
    cast: Cast
    was_empty: bool


@pytest.fixture(scope="module")
def faq_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("faq")
    for topic in TOPICS:
        shutil.copy(faq.FOLDER / f"{topic}.yml", folder)
    return folder


@pytest.fixture(scope="module", params=list(DAYS.values()), ids=list(DAYS))
def demo(
    request: pytest.FixtureRequest, engine: Engine, office: Office, faq_folder: Path
) -> Iterator[Demo]:
    now = datetime.fromisoformat(request.param).replace(tzinfo=OFFICE_TIMEZONE)
    with engine.connect() as connection:
        transaction = connection.begin()
        factory = sessionmaker(
            connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        )
        core = Core(
            factory, lambda _: None, office, Seal("only for tests"), lambda: now, defers_jobs=False
        )
        with factory() as session:
            was_empty = is_empty(session)
            cast = fill(core, account="town", password=PASSWORD, faq_folder=faq_folder)
            yield Demo(now, core, session, cast, was_empty)
        transaction.rollback()
