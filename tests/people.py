"""The people of the journeys: citizens in the simulated WeChat, staff at the console."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from time import monotonic, sleep
from typing import Any

import httpx

from launch.supervisor import Desk

PATIENCE_SECONDS = 20.0


@dataclass
class Citizen:
    """Somebody with WeChat on a phone."""

    desk: Desk
    openid: str = ""

    def __post_init__(self) -> None:
        if not self.openid:
            made = self._post("citizens", {"count": 1})
            self.openid = made["citizens"][0]["openid"]

    @property
    def alias(self) -> str:
        """What the desk calls somebody whose name it does not know."""
        return f"市民{self.openid[-4:]}"

    def asks(self, text: str) -> str:
        """Say something and return what the account answers first."""
        answer = self._post("ask", {"openid": self.openid, "text": text, "timeout_seconds": 20})
        assert answer["reply"] is not None, f"no answer to {text!r}: {answer}"
        return plain(answer["reply"])

    def says(self, text: str) -> None:
        """Say something without waiting for an answer."""
        self._post("say", {"openid": self.openid, "text": text, "wait": False})

    def sends(self, kind: str, **facts: object) -> None:
        """Send something beside words, without waiting for an answer."""
        self._post("say", {"openid": self.openid, "kind": kind, "wait": False, **facts})

    def writes_at_once(
        self, lines: list[str], *, gap_ms: int = 50, also: "Sequence[Citizen]" = ()
    ) -> dict[str, Any]:
        """Write line after line without waiting, others beside, and wait for all answers."""
        return self._post(
            "burst",
            {
                "openids": [self.openid, *(other.openid for other in also)],
                "lines": lines,
                "gap_ms": gap_ms,
                "wait_for_answers": True,
                "timeout_seconds": 60,
            },
        )

    def taps(self, choice: str) -> None:
        """Tap a choice in the newest message that offers it."""
        self._post("tap", {"openid": self.openid, "choice": choice})

    def follows(self) -> None:
        self._post("follow", {"openid": self.openid})

    def seen(self) -> list[dict[str, Any]]:
        """Return everything on the citizen's screen, oldest first."""
        answer = httpx.get(
            self.desk.url("simulator") + "/control/transcript",
            params={"openid": self.openid},
            timeout=60,
            trust_env=False,
        )
        answer.raise_for_status()
        entries: list[dict[str, Any]] = answer.json()["entries"]
        return entries

    def heard(self) -> list[str]:
        """Return what the account said, in the order it arrived."""
        return [plain(entry["text"]) for entry in self.seen() if entry["via"] in {"passive", "api"}]

    def hears(self, words: str, *, seconds: float = PATIENCE_SECONDS) -> str:
        """Wait until the account has said something with these words in it."""
        deadline = monotonic() + seconds
        while monotonic() < deadline:
            for text in reversed(self.heard()):
                if words in text:
                    return text
            sleep(0.1)
        raise AssertionError(f"not heard: {words!r}; heard: {self.heard()}")

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        url = f"{self.desk.url('simulator')}/control/{path}"
        answer = httpx.post(url, json=body, timeout=90, trust_env=False)
        answer.raise_for_status()
        said: dict[str, Any] = answer.json()
        return said


def plain(text: str) -> str:
    """Return the words of a chat message as a person reads them, without its markup."""
    return unescape(re.sub(r"<[^>]+>", "", text))
