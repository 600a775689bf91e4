"""A service that turns recordings into words: any that keeps this small contract over HTTP.

The recording is the body of a POST, its kind the Content-Type; the answer is a JSON
object whose `text` holds the words, empty when nothing was understood.
"""

from dataclasses import dataclass
from http import HTTPStatus

import httpx

LONGEST_ANSWER_CHARACTERS = 2000


class NotRecognised(Exception):
    """No words came: the service is away, slow, or answers something else."""


@dataclass(frozen=True)
class Recording:
    content: bytes
    mime: str


class SpeechService:
    """Safe to share between threads."""

    def __init__(self, url: str, token: str, timeout_seconds: float) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._url = url
        self._client = httpx.Client(
            headers=headers,
            timeout=httpx.Timeout(timeout_seconds, connect=2.0),
            follow_redirects=False,
            trust_env=False,
        )

    def close(self) -> None:
        self._client.close()

    def recognise(self, recording: Recording) -> str:
        """Return what was said, empty for nothing, or raise NotRecognised."""
        try:
            answer = self._client.post(
                self._url, content=recording.content, headers={"Content-Type": recording.mime}
            )
        except httpx.HTTPError as error:
            raise NotRecognised(type(error).__name__) from None
        if answer.status_code != HTTPStatus.OK:
            raise NotRecognised(f"HTTP status {answer.status_code}")
        try:
            fields = answer.json()
        except ValueError:
            fields = None
        text = fields.get("text") if isinstance(fields, dict) else None
        if not isinstance(text, str):
            raise NotRecognised("the answer holds no text")
        return text.strip()[:LONGEST_ANSWER_CHARACTERS]
