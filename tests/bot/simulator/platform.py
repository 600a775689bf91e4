"""The platform as a desk or a test sees it: by HTTP."""

import json
from dataclasses import dataclass
from typing import Any

import httpx

from bot.simulator.accounts import Account
from bot.simulator.wechat import SimulatedWeChat

SEND = "/cgi-bin/message/custom/send"


@dataclass
class Platform:
    wechat: SimulatedWeChat
    http: httpx.AsyncClient
    token: str = ""

    @property
    def account(self) -> Account:
        return self.wechat.account()

    async def basic_token(self, **changed: str) -> dict[str, Any]:
        query = {
            "grant_type": "client_credential",
            "appid": self.account.app_id,
            "secret": self.account.app_secret,
        } | changed
        return self._read(await self.http.get("/cgi-bin/token", params=query))

    async def stable_token(self, **changed: Any) -> dict[str, Any]:
        said = {
            "grant_type": "client_credential",
            "appid": self.account.app_id,
            "secret": self.account.app_secret,
        } | changed
        return self._read(await self.http.post("/cgi-bin/stable_token", json=said))

    async def post(self, path: str, said: Any = None, *, raw: bytes | None = None) -> Any:
        """Call the API with a good token; the body is raw UTF-8, as the platform wants it."""
        if not self.token:
            self.token = (await self.stable_token())["access_token"]
        body = raw if raw is not None else json.dumps(said, ensure_ascii=False).encode()
        query = {"access_token": self.token}
        return self._read(await self.http.post(path, params=query, content=body))

    async def get(self, path: str, **query: str) -> Any:
        if not self.token:
            self.token = (await self.stable_token())["access_token"]
        query = {"access_token": self.token} | query
        return self._read(await self.http.get(path, params=query))

    async def send_text(self, openid: str, content: str) -> int:
        """Send a customer-service text and return the errcode."""
        said = {"touser": openid, "msgtype": "text", "text": {"content": content}}
        return int((await self.post(SEND, said))["errcode"])

    async def control(self, path: str, **said: Any) -> Any:
        return (await self.http.post(f"/control/{path}", json=said)).json()

    async def transcript(self, openid: str) -> list[dict[str, Any]]:
        answer = await self.http.get("/control/transcript", params={"openid": openid})
        entries: list[dict[str, Any]] = answer.json()["entries"]
        return entries

    @staticmethod
    def _read(answer: httpx.Response) -> Any:
        assert answer.status_code == 200  # refusals too come with 200
        return answer.json()
