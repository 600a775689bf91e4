"""A server that speaks the dialogue engine's protocol and fails on request.

The journeys use the real Rasa; this one exists for the failures a healthy Rasa
cannot be made to show.
"""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import sleep
from typing import Any, Self


class RasaStandIn:
    """Answers every message with `echo: …`; `failure` is an HTTP status, `delay` in seconds."""

    def __init__(self) -> None:
        self.turns: list[dict[str, Any]] = []
        self.restarted: list[str] = []
        self.failure: int | None = None
        self.delay_seconds = 0.0
        self.is_silent = False
        self.is_well = True
        stand_in = self

        class Door(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(200 if stand_in.is_well else 503, {})

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                sleep(stand_in.delay_seconds)
                if stand_in.failure is not None:
                    self._answer(stand_in.failure, {"code": "broken"})
                elif "/tracker/events" in self.path:
                    stand_in.restarted.append(self.path.split("/")[2])
                    self._answer(200, {})
                else:
                    stand_in.turns.append(body)
                    self._answer(200, stand_in.turn(body))

            def _answer(self, status: int, body: object) -> None:
                raw = json.dumps(body).encode()
                try:
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(raw)))
                    self.end_headers()
                    self.wfile.write(raw)
                except ConnectionError:
                    pass  # the caller ran out of patience, as it is meant to

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def turn(self, body: dict[str, Any]) -> dict[str, Any]:
        reply = {
            "text": f"echo: {body['text']}",
            "choices": [{"title": "转人工", "says": "转人工"}],
            "reason": {"kind": "faq", "slug": "id_card_lost"},
        }
        return {
            "replies": [] if self.is_silent else [reply],
            "understanding": {"intent": "faq/id_card_lost", "confidence": 0.9},
        }

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()
