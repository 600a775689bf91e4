"""Let the storm loose on a running desk, wait until it is over, and gather what became of it."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx
from sqlalchemy import Engine, create_engine

from core.database.base import driver_url
from launch.supervisor import Desk
from tests.faults.storm.answers import MarkingBot
from tests.faults.storm.evidence import Evidence, Records
from tests.faults.storm.weather import SLOW_SECONDS, Storm

PASSIVE_WAIT_SECONDS = 1.5
SLOW_TURN_SECONDS = 2.0
GROUPS = 10
# How often those are asked to write again for whom something is held.
ROUNDS = 10
MESSAGES_A_WINDOW = 5


class NotOver(AssertionError):
    """The desk has not come to an end in time."""


@dataclass(frozen=True)
class Outcome:
    storm: Storm
    evidence: Evidence
    seconds: float
    held_meanwhile: int


def run(
    storms: Sequence[Storm],
    folder: Path,
    *,
    victims: Sequence[str] = ("worker",),
    patience_seconds: float,
) -> list[Outcome]:
    """Drive the storms beside each other; kill the victims one after the other meanwhile."""
    with _desk(folder) as desk:
        engine = create_engine(driver_url(desk.environment["DATABASE_URL"]))
        try:
            return _run(storms, desk, engine, victims, patience_seconds)
        finally:
            engine.dispose()


@contextmanager
def _desk(folder: Path) -> Iterator[Desk]:
    with MarkingBot(slow_seconds=SLOW_TURN_SECONDS) as bot:
        changes = {
            "DESK_PASSIVE_WAIT_SECONDS": str(PASSIVE_WAIT_SECONDS),
            "DESK_WORKER_CONCURRENCY": "16",
            "DESK_RASA_URL": bot.url,
        }
        only = ("simulator", "gateway", "worker")
        with Desk(folder, only=only, seed=False, changes=changes) as desk:
            yield desk


def _run(
    storms: Sequence[Storm],
    desk: Desk,
    engine: Engine,
    victims: Sequence[str],
    patience_seconds: float,
) -> list[Outcome]:
    began = monotonic()
    sides = [_Side(storm, desk, Records(engine, storm.platform.name)) for storm in storms]
    records = sides[0].records

    def wait_for_quiet() -> None:
        _wait_for_quiet(records, patience_seconds)

    for side in sides:
        side.begin()
    with ThreadPoolExecutor(len(sides)) as pool:
        writing = [pool.submit(side.write) for side in sides]
        _break_things(sides, desk, victims)
        for each in writing:
            each.result()
    wait_for_quiet()
    for side in sides:
        side.clear_up()
    sleep(SLOW_SECONDS)  # whatever is still on its way arrives
    for side in sides:
        side.let_what_is_held_go(wait_for_quiet)
    return [
        Outcome(side.storm, side.evidence(), monotonic() - began, side.held_meanwhile)
        for side in sides
    ]


def _break_things(sides: Sequence["_Side"], desk: Desk, victims: Sequence[str]) -> None:
    seconds = max(side.storm.seconds for side in sides)
    sleep(seconds * 0.35)
    for victim in victims:
        # The worst moment to die is between the platform's yes and the note of it.
        deadline = monotonic() + seconds * 0.2
        while not sides[0].records.in_flight() and monotonic() < deadline:
            sleep(0.01)
        desk.kill(victim)
        sleep(seconds * 0.15)
    for side in sides:
        if side.storm.platform.token_can_be_renewed:
            side.does("tokens/revoke")


def _wait_for_quiet(records: Records, patience_seconds: float) -> None:
    deadline = monotonic() + patience_seconds
    while left := records.open_work():
        if monotonic() > deadline:
            raise NotOver(f"still open: {left}")
        sleep(0.3)


@dataclass
class _Side:
    """One platform: its citizens, its misfortunes, and what became of what they wrote."""

    storm: Storm
    desk: Desk
    records: Records
    citizens: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    stats: dict[str, Any] = field(default_factory=dict)
    held_meanwhile: int = 0

    def begin(self) -> None:
        made = self.does("citizens", count=self.storm.citizens)["citizens"]
        self.citizens = [citizen["openid"] for citizen in made]
        self.does("faults", faults=self.storm.faults())

    def write(self) -> None:
        """Groups begin one after the other, so that not all write in the same moment."""
        groups = [self.citizens[start::GROUPS] for start in range(min(GROUPS, len(self.citizens)))]
        apart_seconds = self.storm.gap_seconds / len(groups)
        with ThreadPoolExecutor(len(groups)) as pool:
            writing = [
                pool.submit(self._write, group, place * apart_seconds)
                for place, group in enumerate(groups)
            ]
            for each in writing:
                each.result()

    def _write(self, group: list[str], delay_seconds: float) -> None:
        sleep(delay_seconds)
        gap_ms = self.storm.gap_seconds * 1000
        self.does("burst", openids=group, lines=self.storm.lines, gap_ms=gap_ms)

    def clear_up(self) -> None:
        self.stats = self.tells("stats")
        self.held_meanwhile = len(self.records.held())
        self.does("faults", reset=True)

    def let_what_is_held_go(self, wait_for_quiet: Callable[[], None]) -> None:
        """Let everybody write once more, and again while the platform still takes no more."""
        while len(self.extra) < ROUNDS and (not self.extra or self.records.held()):
            self.extra.append(f"{self.storm.platform.title}再问{len(self.extra) + 1}")
            self.does("burst", openids=self.citizens, lines=self.extra[-1:])
            wait_for_quiet()

    def evidence(self) -> Evidence:
        return Evidence(
            written=dict.fromkeys(self.citizens, self.storm.lines + self.extra),
            pushes=self.tells("pushes", limit="500")["pushes"],
            phones={
                citizen: self.tells("transcript", openid=citizen)["entries"]
                for citizen in self.citizens
            },
            heard=self.records.heard(),
            said=self.records.said(),
            failed_jobs=self.records.failed_jobs(),
            ledger=self.records.ledger(),
            spent_at_platform=self._spent(),
            stats=self.tells("stats") | {"faults": self.stats["faults"]},
        )

    def _spent(self) -> dict[str, int]:
        """Return how many messages the platform has counted since each citizen's last."""
        if not self.storm.platform.counts_what_is_sent:
            return {}
        return {
            citizen: MESSAGES_A_WINDOW - window["left"]
            for citizen in self.citizens
            for window in self.tells("quota", openid=citizen)["windows"]
            if window["trigger"] == "message"
        }

    def does(self, path: str, **said: Any) -> Any:
        answer = httpx.post(f"{self._control}/{path}", json=said, timeout=700, trust_env=False)
        return answer.raise_for_status().json()

    def tells(self, path: str, **query: str) -> Any:
        answer = httpx.get(f"{self._control}/{path}", params=query, timeout=60, trust_env=False)
        return answer.raise_for_status().json()

    @property
    def _control(self) -> str:
        return self.desk.url("simulator") + self.storm.platform.control
