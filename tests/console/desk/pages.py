"""An open page of the desk: knows what it shows and asks for what it does not."""

import re

from werkzeug.test import TestResponse

from tests.console.browsing import Visitor
from tests.console.desk.conversations import Talk

OPEN_MARK = re.compile(r'name="open" value="([^"]+)"')
CURSOR = re.compile(r'id="thread-cursor" name="after" value="(\d+)"')
STATE = re.compile(r'id="state-mark" name="state" value="([^"]+)"')
MESSAGE = re.compile(r'<article class="message[^"]*" id="message-(\d+)"')


class OpenPage:
    """A browser's page: knows what it shows and asks for what it does not."""

    def __init__(self, visitor: Visitor, talk: Talk) -> None:
        self.visitor, self.talk = visitor, talk
        self.first = visitor.get(f"/desk/{talk.id}")
        self.cursor, self.state = "0", ""
        self.marks: dict[str, str] = {}
        self._read(self.first)

    def news(self) -> TestResponse:
        query = {"after": self.cursor, "state": self.state, "open": list(self.marks.values())}
        answer = self.visitor.client.get(
            f"/desk/{self.talk.id}/news", query_string=query, headers={"HX-Request": "true"}
        )
        self._read(answer)
        return answer

    def _read(self, answer: TestResponse) -> None:
        for line in re.split(r"(?=<article)", answer.text):
            message, mark = MESSAGE.search(line), OPEN_MARK.search(line)
            if message and mark:
                self.marks[message[1]] = mark[1]
            elif message:
                self.marks.pop(message[1], None)
        if found := CURSOR.search(answer.text):
            self.cursor = found[1]
        if found := STATE.search(answer.text):
            self.state = found[1]


def shown(answer: TestResponse) -> list[int]:
    return [int(number) for number in MESSAGE.findall(answer.text)]
