"""What is known afterwards: rows of the database, and what stands on the citizens' phones."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Engine, text

from tests.faults.storm.answers import marks_in

_HEARD = text(
    "SELECT m.id, m.conversation_id, i.platform_id, m.seq, m.text, m.outcome, m.pushes"
    " FROM messages m JOIN conversations c ON c.id = m.conversation_id"
    " JOIN channel_identities i ON i.id = c.identity_id"
    " WHERE m.author = 'citizen' AND i.channel = :channel ORDER BY m.conversation_id, m.seq"
)
_SAID = text(
    "SELECT m.id, m.conversation_id, i.platform_id, m.seq, m.text, d.state, d.way,"
    " d.error_code, d.error, d.held_for, d.attempts"
    " FROM messages m JOIN deliveries d ON d.message_id = m.id"
    " JOIN conversations c ON c.id = m.conversation_id"
    " JOIN channel_identities i ON i.id = c.identity_id"
    " WHERE i.channel = :channel ORDER BY m.conversation_id, m.seq"
)
_OPEN_WORK = text(
    "SELECT 'messages' AS kind, count(*) AS times FROM messages"
    " WHERE author = 'citizen' AND outcome IS NULL"
    " UNION ALL SELECT 'deliveries', count(*) FROM deliveries"
    " WHERE state IN ('pending', 'sending')"
    " UNION ALL SELECT 'conversations', count(*) FROM conversations WHERE state <> 'bot'"
    " UNION ALL SELECT 'jobs', count(*) FROM procrastinate_jobs"
    " WHERE status IN ('todo', 'doing') AND task_name IN ('answer_messages', 'deliver_replies')"
)
_HELD = text(
    "SELECT DISTINCT i.platform_id FROM deliveries d"
    " JOIN conversations c ON c.id = d.conversation_id"
    " JOIN channel_identities i ON i.id = c.identity_id WHERE d.state = 'held'"
    " AND i.channel = :channel"
)
_IN_FLIGHT = text("SELECT count(*) FROM deliveries WHERE state = 'sending'")
_FAILED_JOBS = text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
_LEDGER = text(
    "SELECT i.platform_id, w.sent FROM send_windows w"
    " JOIN channel_identities i ON i.id = w.identity_id WHERE w.trigger = 'message'"
    " AND i.channel = :channel"
)


@dataclass(frozen=True)
class Heard:
    """A citizen's message as the desk has it."""

    id: int
    conversation_id: int
    platform_id: str
    seq: int
    text: str
    outcome: str | None
    pushes: int


@dataclass(frozen=True)
class Said:
    """A message of the desk with what became of its delivery."""

    id: int
    conversation_id: int
    platform_id: str
    seq: int
    text: str
    state: str
    way: str | None
    error_code: str | None
    error: str | None
    held_for: str | None
    attempts: int

    @property
    def marks(self) -> list[str]:
        return marks_in(self.text)


@dataclass(frozen=True)
class Evidence:
    """`written` and `phones` are by citizen: the lines they wrote, what stands on their phones."""

    written: Mapping[str, Sequence[str]]
    phones: Mapping[str, Sequence[Mapping[str, Any]]]
    pushes: Sequence[Mapping[str, Any]]
    heard: Sequence[Heard]
    said: Sequence[Said]
    failed_jobs: int
    ledger: Mapping[str, int]
    spent_at_platform: Mapping[str, int]
    stats: Mapping[str, Any]

    @cached_property
    def seen(self) -> Mapping[str, list[str]]:
        """The marks of the answers, in the order in which each citizen saw them."""
        return {
            citizen: [
                mark
                for entry in entries
                if entry["via"] in {"passive", "api"}
                for mark in marks_in(entry["text"])
            ]
            for citizen, entries in self.phones.items()
        }

    @cached_property
    def said_to(self) -> Mapping[str, list[Said]]:
        by_citizen: dict[str, list[Said]] = defaultdict(list)
        for line in self.said:
            by_citizen[line.platform_id].append(line)
        return by_citizen


class Records:
    """The database of the desk, read from beside."""

    def __init__(self, engine: Engine, channel: str) -> None:
        self._engine = engine
        self._channel = channel

    def heard(self) -> list[Heard]:
        return [Heard(**row) for row in self._rows(_HEARD, channel=self._channel)]

    def said(self) -> list[Said]:
        return [Said(**row) for row in self._rows(_SAID, channel=self._channel)]

    def open_work(self) -> dict[str, int]:
        """Count what is not yet done, by kind."""
        return {row["kind"]: row["times"] for row in self._rows(_OPEN_WORK) if row["times"]}

    def in_flight(self) -> int:
        return self._count(_IN_FLIGHT)

    def failed_jobs(self) -> int:
        return self._count(_FAILED_JOBS)

    def held(self) -> list[str]:
        return [row["platform_id"] for row in self._rows(_HELD, channel=self._channel)]

    def ledger(self) -> dict[str, int]:
        return {
            row["platform_id"]: row["sent"] for row in self._rows(_LEDGER, channel=self._channel)
        }

    def _count(self, query: Any) -> int:
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def _rows(self, query: Any, **facts: str) -> list[dict[str, Any]]:
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(query, facts).mappings()]


def repeated(marks: Sequence[str]) -> list[str]:
    return sorted(mark for mark, times in Counter(marks).items() if times > 1)
