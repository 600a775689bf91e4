"""A stand-in for WeChat's web login, as far as the console's client sees it."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import httpx
from werkzeug.test import TestResponse

from tests.console.browsing import Visitor

OPENID = "oWebLoginCitizen000000000001"


class PretendWeChat:
    """Knows codes and whom they name; each is good for one exchange."""

    def __init__(self) -> None:
        self.codes: dict[str, str] = {}
        self.used: set[str] = set()
        self.asked = 0
        self.troubles: list[Callable[[], httpx.Response]] = []
        self.extra: dict[str, object] = {}

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self.answer)

    def code_for(self, openid: str = OPENID) -> str:
        code = f"code-{len(self.codes)}"
        self.codes[code] = openid
        return code

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        if self.troubles:
            return self.troubles.pop(0)()
        code = request.url.params["code"]
        if code in self.used:
            return httpx.Response(200, json={"errcode": 40163, "errmsg": "code been used"})
        if code not in self.codes:
            return httpx.Response(200, json={"errcode": 40029, "errmsg": "invalid code"})
        self.used.add(code)
        return httpx.Response(200, json={"openid": self.codes[code], "scope": "x"} | self.extra)


def state_in(answer: TestResponse) -> str:
    """Return the state with which the browser was sent to WeChat."""
    return parse_qs(urlsplit(answer.location).query)["state"][0]


def come_back(
    phone: Visitor, code: str, *, account: str = "town", next_page: str = ""
) -> TestResponse:
    """Go to WeChat and come back with the code."""
    sent = phone.get(f"/c/enter/{account}" + (f"?next={next_page}" if next_page else ""))
    return phone.get(f"/c/entered/{account}?code={code}&state={state_in(sent)}")
