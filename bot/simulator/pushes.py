"""Pushing to the account's server: sign, seal, deliver up to three times, judge the answer."""

import asyncio
import secrets
import ssl
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.simulator import payloads
from bot.simulator.accounts import Account, PushFormat
from bot.simulator.envelopes import Envelope, sign
from bot.simulator.exchange import Unreachable, exchange
from bot.simulator.faults import FaultName, Faults
from bot.simulator.options import Options
from bot.simulator.payloads import Fields, Payload
from bot.simulator.replies import Outcome, Verdict, judge, malfunction
from config.accounts import PushMode
from core.clock import Clock

CONTENT_TYPES = {PushFormat.XML: "text/xml", PushFormat.JSON: "application/json"}


PENDING = Verdict(Outcome.PENDING)


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


class PushOffice:
    def __init__(self, *, options: Options, faults: Faults, clock: Clock) -> None:
        self._options = options
        self._faults = faults
        self._clock = clock
        self._tls = ssl.create_default_context()
        self._pushes: OrderedDict[str, Push] = OrderedDict()
        self._msg_serial = secrets.randbits(24)
        self._push_serial = 0
        self._last_msg: tuple[str, int] = ("", 0)

    def recent(self, limit: int) -> list[Push]:
        return list(self._pushes.values())[-limit:]

    def find(self, push_id: str) -> Push | None:
        return self._pushes.get(push_id)

    def clear(self) -> None:
        self._pushes.clear()

    def prepare(self, account: Account, openid: str, payload: Payload) -> Push:
        """Fix the bytes of a push; every delivery carries the same ones."""
        now = self._clock()
        fields: Fields = {
            "ToUserName": account.original_id,
            "FromUserName": openid,
            "CreateTime": int(now.timestamp()),
            **payload.fields,
        }
        if not payload.is_event:
            fields["MsgId"] = self._next_msg_id(openid, now)
        body, sealed = _render(account, fields)
        self._push_serial += 1
        push = Push(
            id=f"p{self._push_serial}",
            account_key=account.key,
            openid=openid,
            kind=payload.kind,
            shown=payload.shown,
            at=now,
            body=body,
            sealed=sealed,
        )
        self._pushes[push.id] = push
        while len(self._pushes) > self._options.remembered_pushes:
            self._pushes.popitem(last=False)
        return push

    async def deliver(self, account: Account, push: Push) -> Verdict:
        """Deliver until the server answers or the deliveries are used up; judge the answer."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        for number in range(1, self._options.push_deliveries + 1):
            delivery = Delivery(number, self._clock())
            push.deliveries.append(delivery)
            answer = await self._attempt(account, push, delivery)
            if answer is not None:
                status, body = answer
                push.verdict = judge(
                    account, push.openid, status=status, body=body, options=self._options
                )
                break
        else:
            push.verdict = malfunction("no_answer")
        push.seconds = loop.time() - started
        if self._faults.strikes(FaultName.DUPLICATE_PUSH):
            again = Delivery(len(push.deliveries) + 1, self._clock())
            push.deliveries.append(again)
            await self._attempt(account, push, again)
        return push.verdict

    async def verify_address(self, account: Account) -> bool:
        """Make the GET by which the platform checks an address before it takes it over."""
        echo = str(secrets.randbelow(10**19))
        query = self._signed(account) | {"echostr": echo}
        try:
            async with asyncio.timeout(self._options.push_cut_seconds):
                answer = await exchange("GET", account.push_url, query=query, tls=self._tls)
        except (TimeoutError, Unreachable):
            return False
        return answer == (200, echo.encode())

    async def _attempt(
        self, account: Account, push: Push, delivery: Delivery
    ) -> tuple[int, bytes] | None:
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            async with asyncio.timeout(self._options.push_cut_seconds):
                answer = await self._post(account, push)
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

    async def _post(self, account: Account, push: Push) -> tuple[int, bytes]:
        query = self._signed(account) | {"openid": push.openid}
        if push.sealed:
            parts = (account.token, query["timestamp"], query["nonce"], push.sealed)
            query |= {"encrypt_type": "aes", "msg_signature": sign(*parts)}
        headers = {
            "Content-Type": CONTENT_TYPES[account.push_format],
            "User-Agent": "Mozilla/4.0",
        }
        return await exchange(
            "POST", account.push_url, query=query, headers=headers, body=push.body, tls=self._tls
        )

    def _signed(self, account: Account) -> dict[str, str]:
        timestamp, nonce = str(int(self._clock().timestamp())), str(secrets.randbelow(2**31))
        signature = sign(account.token, timestamp, nonce)
        return {"signature": signature, "timestamp": timestamp, "nonce": nonce}

    def _next_msg_id(self, openid: str, now: datetime) -> int:
        last_openid, last_id = self._last_msg
        if last_openid not in {"", openid} and self._faults.strikes(FaultName.CLASHING_IDS):
            return last_id
        self._msg_serial = (self._msg_serial + 1) % 2**32
        msg_id = (int(now.timestamp()) << 32) | self._msg_serial
        self._last_msg = (openid, msg_id)
        return msg_id


def _render(account: Account, fields: Fields) -> tuple[bytes, str]:
    """Return the body in the account's mode, and the sealed part if it has one."""
    plain = payloads.render(fields, account.push_format)
    if account.mode is PushMode.PLAIN:
        return plain, ""
    sealed = Envelope(account.encoding_aes_key, account.app_id).seal(plain)
    if account.mode is PushMode.SAFE:
        fields = {"ToUserName": account.original_id}
    return payloads.render(fields | {"Encrypt": sealed}, account.push_format), sealed
