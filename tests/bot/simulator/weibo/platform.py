"""Weibo as a desk or a test sees it: by HTTP."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from bot.simulator.weibo.platform import SimulatedWeibo
from tests.bot.simulator.gateway import Received

ACCOUNT_UID = "1902538057"
UID = "2489518277"
TOKEN = "2.00TokenForTests"
REPLY = "/2/messages/reply.json"


def json_reply(received: Received, said: Any, kind: str = "text", **changed: Any) -> bytes:
    """Answer as a careful gateway does; `changed` replaces or (None) removes fields."""
    push = json.loads(received.body)
    fields: dict[str, Any] = {
        "result": True,
        "sender_id": str(push["receiver_id"]),
        "receiver_id": str(push["sender_id"]),
        "type": kind,
        "data": quote(json.dumps(said, ensure_ascii=False), safe=""),
    } | changed
    return json.dumps({name: v for name, v in fields.items() if v is not None}).encode()


@dataclass
class WeiboByHttp:
    weibo: SimulatedWeibo
    http: httpx.AsyncClient

    async def post(self, path: str, *, token: str = TOKEN, **form: str) -> httpx.Response:
        return await self.http.post(path, params={"access_token": token}, data=form)

    async def get(self, path: str, *, token: str = TOKEN, **query: Any) -> httpx.Response:
        return await self.http.get(path, params={"access_token": token} | query)

    async def send_text(self, text: str, *, uid: str = UID) -> int:
        """Send a private message; return the error code, 0 when it was taken."""
        data = json.dumps({"text": text}, ensure_ascii=False)
        return code_of(await self.post(REPLY, receiver_id=uid, type="text", data=data))

    async def control(self, path: str, **said: Any) -> Any:
        return (await self.http.post(f"/control/weibo/{path}", json=said)).json()

    async def told(self, path: str, **query: str) -> Any:
        return (await self.http.get(f"/control/weibo/{path}", params=query)).json()


def code_of(answer: httpx.Response) -> int:
    said = answer.json()
    if "error_code" not in said:
        assert answer.status_code == 200
        return 0
    assert answer.status_code >= 400
    assert set(said) == {"request", "error_code", "error"}
    return int(said["error_code"])
