"""A bot whose answers name the message they answer, so that each can be found on a phone."""

import re
from time import sleep
from typing import Any

from tests.bot.rasa_stand_in import RasaStandIn
from tests.faults.storm.weather import PLATFORMS

MARK = re.compile(r"〔(\d+\.\d)〕")
# In every seven messages one has two answers, and one an answer of several parts.
CYCLE, TWO_ANSWERS, LONG_ANSWER = 7, 3, 5


class MarkingBot(RasaStandIn):
    """Answers some messages too late for their push, some with much, all with their number.

    The same message has the same answer, however often it is asked about.
    """

    def __init__(self, *, slow_seconds: float) -> None:
        super().__init__()
        self._slow_seconds = slow_seconds

    def turn(self, body: dict[str, Any]) -> dict[str, Any]:
        number = int(body["message_id"])
        platform = next(each for each in PLATFORMS.values() if each.title in body["text"])
        if number % platform.one_in == 0:
            sleep(self._slow_seconds)
        texts = _answers(number, "办" * platform.filler_characters)
        return {
            "replies": [{"text": text, "reason": {"kind": "faq"}} for text in texts],
            "understanding": {"intent": "faq/id_card_lost", "confidence": 0.9},
        }


def _answers(number: int, filler: str) -> list[str]:
    if number % CYCLE == TWO_ANSWERS:
        return [f"〔{number}.1〕先说这些。", f"〔{number}.2〕再说这些。"]
    if number % CYCLE == LONG_ANSWER:
        return ["\n".join(f"〔{number}.{part}〕{filler}。" for part in (1, 2, 3))]
    return [f"〔{number}.1〕答复。"]


def marks_in(text: str) -> list[str]:
    return MARK.findall(text)
