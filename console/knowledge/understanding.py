"""What the live model would make of a line: asked while an editor types, and never waited for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import httpx

# An editor goes on typing meanwhile: rather nothing than late.
PATIENCE_SECONDS = 1.5
FAQ_PREFIX = "faq/"
SHOWN = 3


@dataclass(frozen=True)
class Guess:
    slug: str
    confidence: float


@dataclass(frozen=True)
class Neighbour:
    """A form the model has learnt and finds near."""

    text: str
    slug: str
    similarity: float


@dataclass(frozen=True)
class Understanding:
    intent: str
    confidence: float
    guesses: tuple[Guess, ...]
    nearest: tuple[Neighbour, ...]


class Model:
    """A Rasa server, asked for its understanding only."""

    def __init__(self, url: str, token: str, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._client = httpx.Client(
            base_url=url,
            params={"token": token} if token else {},
            timeout=httpx.Timeout(patience_seconds, connect=0.5),
        )

    def understand(self, text: str) -> Understanding | None:
        """Return what the model makes of the text; None while it cannot be asked."""
        try:
            answer = self._client.post("/model/parse", json={"text": text})
            answer.raise_for_status()
            body = answer.json()
        except (httpx.HTTPError, ValueError):
            return None
        return _read(body) if isinstance(body, dict) else None

    def close(self) -> None:
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _read(body: Mapping[str, Any]) -> Understanding:
    intent = body.get("intent") or {}
    selector = (body.get("response_selector") or {}).get("faq") or {}
    guesses = [
        Guess(
            str(item.get("intent_response_key") or "").removeprefix(FAQ_PREFIX),
            float(item.get("confidence") or 0),
        )
        for item in (selector.get("ranking") or [])[:SHOWN]
    ]
    nearest = [
        Neighbour(
            str(item.get("text") or ""),
            str(item.get("intent") or "").removeprefix(FAQ_PREFIX),
            float(item.get("similarity") or 0),
        )
        for item in (body.get("nearest") or [])[:SHOWN]
        if isinstance(item, Mapping)
    ]
    return Understanding(
        str(intent.get("name") or ""),
        float(intent.get("confidence") or 0),
        tuple(guesses),
        tuple(nearest),
    )
