"""Pushing to an account's server: deliver up to three times, judge the answer."""

import asyncio
import secrets
import ssl
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from bot.simulator.exchange import Unreachable, exchange
from bot.simulator.faults import FaultName, Faults
from bot.simulator.options import Options
from bot.simulator.verdicts import PENDING, Verdict, malfunction
from core.clock import Clock


class ReceivesPushes(Protocol):
    key: str
    push_url: str


@dataclass
class Delivery:
    """One attempt; `outcome` is answered, cut or unreachable."""

    number: int
    at: datetime
    seconds: float = 0.0
    outcome: str = "open"
    status: int | None = None

    def as_json(self) -> dict[str, Any]:
        return self.__dict__ | {"at": self.at.isoformat()}


@dataclass
class Push:
    """`openid` is the platform's id of the citizen, whatever the platform calls it."""

    id: str
    account_key: str
    openid: str
    kind: str
    shown: str
    at: datetime
    body: bytes = field(repr=False)
    sealed: str = field(default="", repr=False)
    deliveries: list[Delivery] = field(default_factory=list)
    verdict: Verdict = PENDING
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        reply = self.verdict.reply
        return {
            "push_id": self.id,
            "account": self.account_key,
            "openid": self.openid,
            "kind": self.kind,
            "shown": self.shown,
            "at": self.at.isoformat(),
            "outcome": self.verdict.outcome.value,
            "reason": self.verdict.reason,
            "reply": reply.as_json() if reply else None,
            "seconds": round(self.seconds, 4),
            "deliveries": [delivery.as_json() for delivery in self.deliveries],
        }


class PushOffice[A: ReceivesPushes](ABC):
    def __init__(self, *, options: Options, faults: Faults, clock: Clock) -> None:
        self._options = options
        self._faults = faults
        self._clock = clock
        self._tls = ssl.create_default_context()
        self._pushes: OrderedDict[str, Push] = OrderedDict()
        self._push_serial = 0

    @abstractmethod
    def signed(self, account: A) -> dict[str, str]:
        """Return the query by which a call of the platform is known, for this moment."""

    @abstractmethod
    def query(self, account: A, push: Push) -> dict[str, str]:
        """Return the whole query of one delivery of the push."""

    @abstractmethod
    def headers(self, account: A) -> Mapping[str, str]:
        """Return what a delivery says about its body."""

    @abstractmethod
    def judge(self, account: A, push: Push, *, status: int, body: bytes) -> Verdict:
        """Say what the answer is worth."""

    def recent(self, limit: int) -> list[Push]:
        return list(self._pushes.values())[-limit:]

    def find(self, push_id: str) -> Push | None:
        return self._pushes.get(push_id)

    def clear(self) -> None:
        self._pushes.clear()

    async def deliver(self, account: A, push: Push) -> Verdict:
        """Deliver until the server answers or the deliveries are used up; judge the answer."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        if late := self._faults.strikes(FaultName.LATE_PUSH):
            await asyncio.sleep(late.seconds or 1.0)
        for number in range(1, self._options.push_deliveries + 1):
            delivery = Delivery(number, self._clock())
            push.deliveries.append(delivery)
            answer = await self._attempt(account, push, delivery)
            if answer is not None:
                status, body = answer
                push.verdict = self.judge(account, push, status=status, body=body)
                break
        else:
            push.verdict = malfunction("no_answer")
        push.seconds = loop.time() - started
        return push.verdict

    async def repeat(self, account: A, push: Push) -> None:
        """Where duplicates strike: deliver once more what has been answered; nobody listens."""
        if self._faults.strikes(FaultName.DUPLICATE_PUSH):
            again = Delivery(len(push.deliveries) + 1, self._clock())
            push.deliveries.append(again)
            await self._attempt(account, push, again)

    async def verify_address(self, account: A) -> bool:
        """Make the GET by which the platform checks an address before it takes it over."""
        echo = str(secrets.randbelow(10**19))
        query = self.signed(account) | {"echostr": echo}
        try:
            async with asyncio.timeout(self._options.push_cut_seconds):
                answer = await exchange("GET", account.push_url, query=query, tls=self._tls)
        except (TimeoutError, Unreachable):
            return False
        return answer == (200, echo.encode())

    def _keep(
        self, account: A, openid: str, *, kind: str, shown: str, body: bytes, sealed: str = ""
    ) -> Push:
        self._push_serial += 1
        push = Push(
            id=f"p{self._push_serial}",
            account_key=account.key,
            openid=openid,
            kind=kind,
            shown=shown,
            at=self._clock(),
            body=body,
            sealed=sealed,
        )
        self._pushes[push.id] = push
        while len(self._pushes) > self._options.remembered_pushes:
            self._pushes.popitem(last=False)
        return push

    async def _attempt(
        self, account: A, push: Push, delivery: Delivery
    ) -> tuple[int, bytes] | None:
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            async with asyncio.timeout(self._options.push_cut_seconds):
                answer = await exchange(
                    "POST",
                    account.push_url,
                    query=self.query(account, push),
                    headers=self.headers(account),
                    body=push.body,
                    tls=self._tls,
                )
            delivery.outcome, delivery.status = "answered", answer[0]
        except TimeoutError:
            answer, delivery.outcome = None, "cut"
        except Unreachable:
            answer, delivery.outcome = None, "unreachable"
        delivery.seconds = round(loop.time() - started, 4)
        if delivery.outcome == "unreachable":
            # The next delivery comes when the time of this one is over, not at once.
            await asyncio.sleep(max(0.0, self._options.push_cut_seconds - delivery.seconds))
        return answer
