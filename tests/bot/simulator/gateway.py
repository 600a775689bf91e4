"""A small gateway that notes what it is pushed and answers as told."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import xmltodict
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


@dataclass
class Received:
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def fields(self) -> dict[str, Any]:
        """The plain fields of an XML push."""
        fields: dict[str, Any] = xmltodict.parse(self.body)["xml"]
        return fields


Answer = Callable[[Received], bytes | Response]


def text_reply(received: Received, content: str, **changed: str | None) -> bytes:
    """Answer as a careful gateway does; `changed` replaces or (None) removes fields."""
    said = received.fields
    fields: dict[str, str | None] = {
        "ToUserName": said["FromUserName"],
        "FromUserName": said["ToUserName"],
        "CreateTime": "1700000000",
        "MsgType": "text",
        "Content": content,
    } | changed
    return as_xml(fields)


def as_xml(fields: Mapping[str, str | None]) -> bytes:
    inside = "".join(f"<{n}><![CDATA[{v}]]></{n}>" for n, v in fields.items() if v is not None)
    return f"<xml>{inside}</xml>".encode()


class FakeGateway:
    address: str

    def __init__(self) -> None:
        self.forget()
        self.app = Starlette(
            routes=[
                Route("/webhooks/{platform}/{account}", self._verify, methods=["GET"]),
                Route("/webhooks/{platform}/{account}", self._receive, methods=["POST"]),
            ]
        )

    def forget(self) -> None:
        self.received: list[Received] = []
        self.answer: Answer = lambda _received: b"success"
        # How long each request is held back, in order; the last one goes on for ever.
        self.holds_seconds: list[float] = [0.0]

    @property
    def last(self) -> Received:
        return self.received[-1]

    def replies(self, content: str, **changed: Any) -> None:
        self.answer = lambda received: text_reply(received, content, **changed)

    async def _verify(self, request: Request) -> Response:
        self.received.append(Received(dict(request.query_params), {}, b""))
        return Response(request.query_params["echostr"])

    async def _receive(self, request: Request) -> Response:
        body = await request.body()
        received = Received(dict(request.query_params), dict(request.headers), body)
        self.received.append(received)
        number = min(len(self.received), len(self.holds_seconds)) - 1
        await asyncio.sleep(self.holds_seconds[number])
        answer = self.answer(received)
        return answer if isinstance(answer, Response) else Response(answer)
