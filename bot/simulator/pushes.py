"""WeChat's pushes: signed with the token, sealed in the account's mode."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.simulator import payloads
from bot.simulator.accounts import Account
from bot.simulator.bodies import Fields
from bot.simulator.envelopes import Envelope, sign
from bot.simulator.faults import FaultName
from bot.simulator.payloads import Payload
from bot.simulator.pushing import Push, PushOffice
from bot.simulator.replies import judge
from bot.simulator.verdicts import Verdict
from config.accounts import PushFormat, PushMode

CONTENT_TYPES = {PushFormat.XML: "text/xml", PushFormat.JSON: "application/json"}


class WeChatPushes(PushOffice[Account]):
    def __init__(self, **facts: Any) -> None:
        super().__init__(**facts)
        self._msg_serial = secrets.randbits(24)
        self._last_msg: tuple[str, int] = ("", 0)

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
        return self._keep(
            account, openid, kind=payload.kind, shown=payload.shown, body=body, sealed=sealed
        )

    def signed(self, account: Account) -> dict[str, str]:
        timestamp, nonce = str(int(self._clock().timestamp())), str(secrets.randbelow(2**31))
        signature = sign(account.token, timestamp, nonce)
        return {"signature": signature, "timestamp": timestamp, "nonce": nonce}

    def query(self, account: Account, push: Push) -> dict[str, str]:
        query = self.signed(account) | {"openid": push.openid}
        if push.sealed:
            parts = (account.token, query["timestamp"], query["nonce"], push.sealed)
            query |= {"encrypt_type": "aes", "msg_signature": sign(*parts)}
        return query

    def headers(self, account: Account) -> Mapping[str, str]:
        return {
            "Content-Type": CONTENT_TYPES[account.push_format],
            "User-Agent": "Mozilla/4.0",
        }

    def judge(self, account: Account, push: Push, *, status: int, body: bytes) -> Verdict:
        return judge(account, push.openid, status=status, body=body, options=self._options)

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
