"""Whatever process dies, every message is answered exactly once and in order."""

import threading
from time import monotonic, sleep

import pytest

from tests.people import Citizen

pytestmark = [pytest.mark.journey, pytest.mark.rasa, pytest.mark.timeout(300)]

# Questions that the bot answers in one message each, telling which question it was.
QUESTIONS = [f"WZ20260302{number:04d}" for number in range(1, 21)]


def numbers_answered(citizen: Citizen) -> list[str]:
    """Return the case numbers in the answers, in the order the citizen saw them."""
    found: list[str] = []
    for text in citizen.heard():
        found.extend(number for number in QUESTIONS if number in text)
    return found


@pytest.mark.parametrize("victim", ["worker", "gateway", "rasa"])
def test_twenty_messages_survive_a_kill_in_their_middle(desk, victim):
    citizen = Citizen(desk)
    citizen.asks("你好")

    def write() -> None:
        for question in QUESTIONS:
            citizen.says(question)
            sleep(0.15)

    writing = threading.Thread(target=write)
    writing.start()
    sleep(1.2)
    desk.kill(victim)
    writing.join()
    desk.wait_until_ready(seconds=90)

    deadline = monotonic() + 45
    while monotonic() < deadline and len(numbers_answered(citizen)) < len(QUESTIONS):
        sleep(0.5)
    sleep(3)  # whatever comes twice comes now
    # The platform takes five messages unasked for; the rest waits for the citizen to write.
    citizen.asks("还在吗")

    assert numbers_answered(citizen) == QUESTIONS
