"""The log of everything that happened: chained, and never changed."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core import event_log
from core.cases.events import CaseUrged
from core.cases.services import acknowledge_case
from core.events import Event
from tests.builders import a_case
from tests.fakes import MONDAY


@dataclass(frozen=True, kw_only=True)
class LampMended(Event):
    lamp: str
    on: date
    lumens: int

    @property
    def subject(self) -> str:
        return f"lamp:{self.lamp}"


def mended(lumens=800):
    return LampMended(at=MONDAY, actor="operator:7", lamp="L1", on=date(2026, 3, 2), lumens=lumens)


def tamper(session, statement):
    """Do what only the owner of the database can do."""
    session.execute(text("ALTER TABLE event_log DISABLE TRIGGER event_log_is_append_only"))
    session.execute(text(statement))
    session.execute(text("ALTER TABLE event_log ENABLE TRIGGER event_log_is_append_only"))
    session.expire_all()


@pytest.fixture
def chain(session):
    for lumens in (800, 900, 1000):
        event_log.append(session, mended(lumens))
    return session


def test_an_event_is_kept_with_its_facts(session):
    event_log.append(session, mended())

    [row] = event_log.history(session, "lamp:L1")
    assert (row.type, row.number, row.actor, row.at) == ("LampMended", 1, "operator:7", MONDAY)
    assert row.data == {"lamp": "L1", "on": "2026-03-02", "lumens": 800}


def test_each_row_follows_from_the_one_before(chain):
    rows = event_log.history(chain, "lamp:L1")

    assert [row.number for row in rows] == [1, 2, 3]
    assert rows[0].previous_hash == event_log.GENESIS
    assert rows[1].previous_hash == rows[0].hash
    assert event_log.first_broken_link(chain, "lamp:L1") is None


def test_each_subject_has_a_chain_of_its_own(chain):
    event_log.append(chain, LampMended(at=MONDAY, lamp="L2", on=date(2026, 3, 2), lumens=1))

    assert [row.number for row in event_log.history(chain, "lamp:L2")] == [1]


@pytest.mark.parametrize(
    "change",
    [
        "data = jsonb_set(data, '{lumens}', '5')",
        "actor = 'operator:8'",
        "at = at + interval '1 second'",
        "type = 'LampStolen'",
        "hash = repeat('a', 64)",
        "previous_hash = repeat('b', 64)",
    ],
)
def test_a_changed_row_is_found(chain, change):
    second = "subject = 'lamp:L1' AND number = 2"
    tamper(chain, f"UPDATE event_log SET {change} WHERE {second}")  # noqa: S608 - from above

    assert event_log.first_broken_link(chain, "lamp:L1") == 2


def test_a_missing_row_is_found(chain):
    tamper(chain, "DELETE FROM event_log WHERE subject = 'lamp:L1' AND number = 2")

    assert event_log.first_broken_link(chain, "lamp:L1") == 2


def test_the_chain_reads_the_same_in_another_time_zone(chain):
    chain.execute(text("SET LOCAL timezone = 'Asia/Shanghai'"))
    chain.expire_all()

    assert event_log.first_broken_link(chain, "lamp:L1") is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event_log SET actor = 'nobody'",
        "DELETE FROM event_log",
        "TRUNCATE event_log",
    ],
)
def test_the_database_itself_refuses_to_change_the_past(chain, statement):
    with pytest.raises(DBAPIError, match="append-only"), chain.begin_nested():
        chain.execute(text(statement))


def test_services_log_what_they_announce(uow, announced):
    case = a_case(uow)
    acknowledge_case(uow, case.number)

    kinds = [row.type for row in event_log.history(uow.session, f"case:{case.number}")]

    assert kinds == ["CaseSubmitted", "CaseAcknowledged"]
    assert event_log.first_broken_link(uow.session, f"case:{case.number}") is None


def test_many_who_add_to_one_chain_at_once_do_not_break_it(fresh_core):
    def mend(lumens):
        with fresh_core.session_factory() as session:
            event_log.append(session, mended(lumens))
            session.commit()

    with ThreadPoolExecutor(6) as menders:
        list(menders.map(mend, range(24)))

    with fresh_core.session_factory() as session:
        rows = event_log.history(session, "lamp:L1")
        assert sorted(row.data["lumens"] for row in rows) == list(range(24))
        assert [row.number for row in rows] == list(range(1, 25))
        assert event_log.first_broken_link(session, "lamp:L1") is None


def test_an_event_says_who_did_it_and_when():
    event = CaseUrged(at=datetime(2026, 3, 2, tzinfo=UTC), number="WZ1", text="请抓紧")

    assert event_log.facts(event) == {"number": "WZ1", "text": "请抓紧"}
    assert event.subject == "case:WZ1"
