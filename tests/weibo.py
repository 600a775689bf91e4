"""The people of the journeys on the simulated Weibo."""

from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any

import httpx

from launch.supervisor import Desk
from tests.people import PATIENCE_SECONDS


@dataclass
class WeiboCitizen:
    """Somebody with Weibo on a phone."""

    desk: Desk
    uid: str = ""

    def __post_init__(self) -> None:
        if not self.uid:
            made = weibo_control(self.desk, "citizens", count=1)
            self.uid = made["citizens"][0]["openid"]

    @property
    def alias(self) -> str:
        """What the desk calls somebody whose name it does not know."""
        return f"市民{self.uid[-4:]}"

    def does(self, gesture: str, **facts: Any) -> dict[str, Any]:
        """Act, and return the push with what came of it."""
        done: dict[str, Any] = weibo_control(self.desk, gesture, openid=self.uid, **facts)
        return done

    def heard(self) -> list[str]:
        """Return what the account said, in public or private, in the order it arrived."""
        return [entry["text"] for entry in self._answers()]

    def ways(self) -> list[str]:
        return [entry["via"] for entry in self._answers()]

    def hears(self, words: str) -> str:
        """Wait until the account has said something with these words in it."""
        deadline = monotonic() + PATIENCE_SECONDS
        while monotonic() < deadline:
            for text in reversed(self.heard()):
                if words in text:
                    return text
            sleep(0.1)
        raise AssertionError(f"not heard: {words!r}; heard: {self.heard()}")

    def _answers(self) -> list[dict[str, Any]]:
        seen = weibo_told(self.desk, "transcript", openid=self.uid)["entries"]
        return [entry for entry in seen if entry["via"] in {"passive", "api"}]


def weibo_control(desk: Desk, path: str, **said: Any) -> Any:
    url = f"{desk.url('simulator')}/control/weibo/{path}"
    answer = httpx.post(url, json=said, timeout=90, trust_env=False)
    answer.raise_for_status()
    return answer.json()


def weibo_told(desk: Desk, path: str, **query: str) -> Any:
    url = f"{desk.url('simulator')}/control/weibo/{path}"
    answer = httpx.get(url, params=query, timeout=60, trust_env=False)
    answer.raise_for_status()
    return answer.json()
