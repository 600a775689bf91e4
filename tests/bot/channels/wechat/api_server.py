"""A small WeChat API on loopback that follows a script and remembers what it was asked."""

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

OK = {"errcode": 0, "errmsg": "ok"}


@dataclass(frozen=True)
class Call:
    path: str
    token: str
    body: bytes

    @property
    def fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = json.loads(self.body)
        return fields


@dataclass(frozen=True)
class Answer:
    """One answer; without a status the connection is cut, with a gate it waits for it."""

    body: bytes = b""
    status: int | None = 200
    headers: dict[str, str] = field(default_factory=dict)
    gate: threading.Event | None = None


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


@contextmanager
def serving() -> Iterator[ApiServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(lambda: api))
    server.daemon_threads = True
    api = ApiServer(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(api: Callable[[], ApiServer]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            address = urlsplit(self.path)
            token = parse_qs(address.query).get("access_token", [""])[0]
            length = int(self.headers.get("Content-Length", 0))
            answer = api().answer(Call(address.path, token, self.rfile.read(length)))
            if answer.gate is not None:
                answer.gate.wait(10)
            if answer.status is None:
                self.close_connection = True
                return
            # Whoever did not wait for the answer has hung up.
            with suppress(ConnectionError):
                self._send(answer)

        def _send(self, answer: Answer) -> None:
            assert answer.status is not None
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: Any) -> None:
            """Keep quiet."""

    return Handler
