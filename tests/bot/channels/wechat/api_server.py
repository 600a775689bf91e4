"""A small WeChat API on loopback that follows a script and remembers what it was asked."""

import json
import threading
from collections import deque
from typing import Any

from tests.bot.channels.scripted_server import Answer, Call

OK = {"errcode": 0, "errmsg": "ok"}


def refusal(code: int, message: str = "no") -> Answer:
    return Answer(json.dumps({"errcode": code, "errmsg": message}).encode())


class ApiServer:
    """Gives out `token-1` until it is revoked, then `token-2`, and so on."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.calls: list[Call] = []
        self.scripted: dict[str, deque[Answer]] = {"token": deque(), "send": deque()}
        self.expires_in: Any = 7200
        self.token_number = 1
        self.refuses_every_token = False
        self._lock = threading.Lock()

    def revoke_token(self) -> None:
        self.token_number += 1

    def script(self, kind: str, *answers: Answer) -> None:
        """Give these answers first to calls of the kind: `token` or `send`."""
        self.scripted[kind].extend(answers)

    @property
    def token_calls(self) -> list[Call]:
        return [call for call in self.calls if call.path == "/cgi-bin/stable_token"]

    @property
    def other_calls(self) -> list[Call]:
        return [call for call in self.calls if call.path != "/cgi-bin/stable_token"]

    def answer(self, call: Call) -> Answer:
        with self._lock:
            self.calls.append(call)
            is_token_call = call.path == "/cgi-bin/stable_token"
            scripted = self.scripted["token" if is_token_call else "send"]
            if scripted:
                return scripted.popleft()
            token = f"token-{self.token_number}"
        if is_token_call:
            issued = {"access_token": token, "expires_in": self.expires_in}
            return Answer(json.dumps(issued).encode())
        if self.refuses_every_token or call.token != token:
            return refusal(40001, "invalid credential rid: 1-2-3")
        return Answer(json.dumps(OK).encode())
