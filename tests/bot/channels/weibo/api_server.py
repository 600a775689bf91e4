"""A small Weibo API on loopback that follows a script and remembers what it was asked."""

import json
from collections import deque
from typing import Any
from urllib.parse import parse_qsl

from tests.bot.channels.scripted_server import Answer, Call
from tests.bot.channels.weibo.platform import ACCESS_TOKEN


def refusal(code: Any, words: str = "no", status: int = 400) -> Answer:
    fields = {"request": "/2/messages/reply.json", "error_code": code, "error": words}
    return Answer(json.dumps(fields).encode(), status)


def form_of(call: Call) -> dict[str, str]:
    return dict(parse_qsl(call.body.decode(), strict_parsing=True))


class ApiServer:
    def __init__(self, url: str) -> None:
        self.url = url
        self.calls: list[Call] = []
        self.scripted: deque[Answer] = deque()

    def script(self, *answers: Answer) -> None:
        """Give these answers first."""
        self.scripted.extend(answers)

    def answer(self, call: Call) -> Answer:
        self.calls.append(call)
        if self.scripted:
            return self.scripted.popleft()
        if call.token != ACCESS_TOKEN:
            return refusal(21332, "invalid_access_token", 403)
        if call.path == "/2/comments/create.json":
            return Answer(json.dumps({"id": 12438492184, "text": "…"}).encode())
        return Answer(b'{"result":true}')
