"""What each citizen did and saw, in order."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.simulator import markup
from bot.simulator.feed import Feed


class Via(StrEnum):
    PUSH = "push"  # said or done by the citizen
    PASSIVE = "passive"  # the account's answer to a push
    API = "api"  # a customer-service message
    NOTICE = "notice"  # words of WeChat itself


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing in a chat; `push_id` is the push it is, answers, or (by API) came after."""

    seq: int
    at: datetime
    openid: str
    via: Via
    kind: str
    text: str
    push_id: str | None = None
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def is_answer(self) -> bool:
        return self.via in {Via.PASSIVE, Via.API}

    def taps(self) -> list[tuple[str, markup.Tap]]:
        """Return what can be tapped to say something: menu entries, then links in the text."""
        entries = self.details.get("list", [])
        offered = [(e["content"], markup.Tap(e["content"], e["id"])) for e in entries]
        return offered + markup.taps(self.text)

    def as_json(self) -> dict[str, Any]:
        said = {
            "seq": self.seq,
            "at": self.at.isoformat(),
            "openid": self.openid,
            "via": self.via.value,
            "kind": self.kind,
            "text": self.text,
            "push_id": self.push_id,
            "details": self.details,
        }
        if self.is_answer:
            said["segments"] = [segment.as_json() for segment in markup.segments(self.text)]
        return said


@dataclass
class _Waiting:
    wanted: Callable[[Entry], bool]
    future: asyncio.Future[Entry]


class Transcripts:
    def __init__(self, feed: Feed, *, remembered: int) -> None:
        self._feed = feed
        self._remembered = remembered
        self._entries: dict[str, deque[Entry]] = {}
        self._waiting: dict[str, list[_Waiting]] = {}
        self._seq = 0

    @property
    def last_seq(self) -> int:
        return self._seq

    def add(
        self,
        openid: str,
        *,
        at: datetime,
        via: Via,
        kind: str,
        text: str,
        push_id: str | None = None,
        details: dict[str, Any] | None = None,
    ) -> Entry:
        self._seq += 1
        entry = Entry(
            seq=self._seq,
            at=at,
            openid=openid,
            via=via,
            kind=kind,
            text=text,
            push_id=push_id,
            details=details or {},
        )
        self._entries.setdefault(openid, deque(maxlen=self._remembered)).append(entry)
        if self._feed.has_listeners:
            self._feed.publish("entry", entry=entry.as_json())
        self._wake(entry)
        return entry

    def of(self, openid: str, *, after_seq: int = 0) -> list[Entry]:
        return [entry for entry in self._entries.get(openid, ()) if entry.seq > after_seq]

    def find(self, openid: str, seq: int) -> Entry | None:
        return next((entry for entry in self.of(openid) if entry.seq == seq), None)

    async def wait_for(
        self,
        openid: str,
        wanted: Callable[[Entry], bool],
        *,
        after_seq: int,
        timeout_seconds: float,
    ) -> Entry | None:
        """Return the first wanted entry after `after_seq`, or None when none comes in time."""
        for entry in self.of(openid, after_seq=after_seq):
            if wanted(entry):
                return entry
        waiting = _Waiting(wanted, asyncio.get_running_loop().create_future())
        self._waiting.setdefault(openid, []).append(waiting)
        try:
            return await asyncio.wait_for(waiting.future, timeout_seconds)
        except TimeoutError:
            return None
        finally:
            self._stop_waiting(openid, waiting)

    def clear(self) -> None:
        self._entries.clear()

    def _wake(self, entry: Entry) -> None:
        for waiting in self._waiting.get(entry.openid, ()):
            if not waiting.future.done() and waiting.wanted(entry):
                waiting.future.set_result(entry)

    def _stop_waiting(self, openid: str, waiting: _Waiting) -> None:
        remaining = self._waiting.get(openid, [])
        if waiting in remaining:
            remaining.remove(waiting)
        if not remaining:
            self._waiting.pop(openid, None)
