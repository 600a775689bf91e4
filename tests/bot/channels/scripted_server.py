"""A small HTTP server on loopback in a platform's place: remembers calls, follows a script."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Call:
    path: str
    token: str
    body: bytes
    method: str = "POST"
    query: dict[str, str] = field(default_factory=dict)

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


class Answers(Protocol):
    def answer(self, call: Call) -> Answer:
        """Answer a call; many may come at once."""


@contextmanager
def serving[Api: Answers](make: Callable[[str], Api]) -> Iterator[Api]:
    """Serve what `make` builds for an address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(lambda: api))
    server.daemon_threads = True
    api = make(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(api: Callable[[], Answers]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            address = urlsplit(self.path)
            query = dict(parse_qsl(address.query))
            token = query.get("access_token", "")
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer = api().answer(Call(address.path, token, body, self.command, query))
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
