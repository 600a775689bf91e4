"""Weibo's pushes: signed with the app secret, by the millisecond, without a message id."""

import secrets
from collections.abc import Mapping

from bot.simulator.envelopes import sign
from bot.simulator.pushing import Push, PushOffice
from bot.simulator.verdicts import Verdict
from bot.simulator.weibo import payloads
from bot.simulator.weibo.accounts import SimulatedAccount
from bot.simulator.weibo.payloads import Payload
from bot.simulator.weibo.replies import judge
from config.accounts import PushFormat

CONTENT_TYPES = {PushFormat.XML: "text/xml", PushFormat.JSON: "application/json"}


class WeiboPushes(PushOffice[SimulatedAccount]):
    def prepare(self, account: SimulatedAccount, uid: str, payload: Payload) -> Push:
        """Fix the bytes of a push; every delivery carries the same ones."""
        body = payloads.render(
            payload, account.push_format, sender=uid, receiver=account.uid, at=self._clock()
        )
        return self._keep(account, uid, kind=payload.kind, shown=payload.shown, body=body)

    def as_given(self, account: SimulatedAccount, uid: str, body: bytes) -> Push:
        """Push bytes that somebody else has written."""
        return self._keep(account, uid, kind="given", shown="[给定的推送]", body=body)

    def signed(self, account: SimulatedAccount) -> dict[str, str]:
        timestamp = str(int(self._clock().timestamp() * 1000))
        nonce = str(secrets.randbelow(10**8))
        signature = sign(account.app_secret, timestamp, nonce)
        return {"signature": signature, "timestamp": timestamp, "nonce": nonce}

    def query(self, account: SimulatedAccount, push: Push) -> dict[str, str]:
        return self.signed(account)

    def headers(self, account: SimulatedAccount) -> Mapping[str, str]:
        return {"Content-Type": CONTENT_TYPES[account.push_format], "User-Agent": "Weibo"}

    def judge(self, account: SimulatedAccount, push: Push, *, status: int, body: bytes) -> Verdict:
        return judge(account, push.openid, status=status, body=body)
