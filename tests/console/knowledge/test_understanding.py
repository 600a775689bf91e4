"""The live model is asked what it makes of a line, and never waited for long."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from console.knowledge.understanding import Guess, Model, Neighbour

Asked = list[tuple[str, dict[str, str]]]

PARSED = {
    "text": "证丢了",
    "intent": {"name": "faq", "confidence": 0.93},
    "response_selector": {
        "faq": {
            "ranking": [
                {"intent_response_key": "faq/loss", "confidence": 0.93},
                {"intent_response_key": "faq/fund", "confidence": 0.02},
            ]
        }
    },
    "nearest": [{"text": "身份证丢了", "intent": "faq/loss", "similarity": 0.81}],
}


@pytest.fixture
def rasa() -> Iterator[Callable[[int, bytes], tuple[str, Asked]]]:
    """Start a server that answers with this status and body; return its address and what came."""
    servers: list[ThreadingHTTPServer] = []

    def start(status: int, body: bytes) -> tuple[str, Asked]:
        asked: Asked = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                sent = self.rfile.read(int(self.headers["Content-Length"]))
                asked.append((self.path, json.loads(sent)))
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}", asked

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_guesses_and_nearest_forms_are_told(rasa):
    address, asked = rasa(200, json.dumps(PARSED).encode())

    with Model(address, "secret") as model:
        made = model.understand("证丢了")

    assert asked == [("/model/parse?token=secret", {"text": "证丢了"})]
    assert (made.intent, made.confidence) == ("faq", 0.93)
    assert made.guesses == (Guess("loss", 0.93), Guess("fund", 0.02))
    assert made.nearest == (Neighbour("身份证丢了", "loss", 0.81),)


def test_a_model_that_tells_less_is_understood_as_well(rasa):
    address, _ = rasa(200, b'{"intent": null}')

    with Model(address, "") as model:
        made = model.understand("证丢了")

    assert (made.intent, made.guesses, made.nearest) == ("", (), ())


@pytest.mark.parametrize(
    ("status", "body"), [(500, b"{}"), (401, b"{}"), (200, b"<html>"), (200, b"[1]"), (200, b"")]
)
def test_an_answer_that_is_none_counts_as_away(rasa, status, body):
    address, _ = rasa(status, body)

    with Model(address, "secret") as model:
        assert model.understand("证丢了") is None


def test_a_model_that_is_away_is_not_waited_for():
    with Model("http://127.0.0.1:9", "secret", patience_seconds=0.2) as model:
        assert model.understand("证丢了") is None
