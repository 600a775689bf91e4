"""Somebody at a browser: keeps cookies, sends the CSRF token of the page, follows redirects."""

import json
import re
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.builders import PASSWORD

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
TAGS = re.compile(r"<[^>]+>")


class Visitor:
    def __init__(self, app: Flask, *, address: str = "192.0.2.1") -> None:
        self.client: FlaskClient = app.test_client()
        self._address = address
        self._token = ""

    def get(self, path: str, **headers: str) -> TestResponse:
        return self._remember(
            self.client.get(path, headers=headers, buffered=True, **self._origin())
        )

    def get_fragment(self, path: str, **headers: str) -> TestResponse:
        return self.get(path, **{"HX-Request": "true", **headers})

    def post(self, path: str, data: dict[str, Any] | None = None, **headers: str) -> TestResponse:
        """Send a form as a page does, with the token that came with the page."""
        form = {"csrf_token": self._token} | (data or {})
        return self._remember(self.client.post(path, data=form, headers=headers, **self._origin()))

    def press(self, path: str, data: dict[str, Any] | None = None) -> TestResponse:
        """Press a button that htmx sends."""
        return self.post(path, data, **{"HX-Request": "true"})

    def sign_in(self, login: str, password: str = PASSWORD) -> TestResponse:
        self.get("/sign-in")
        answer = self.post("/sign-in", {"login": login, "password": password})
        if answer.status_code == 302:
            self.get("/")  # the token changes with the session
        return answer

    @property
    def cookie(self) -> str:
        cookie = self.client.get_cookie("desk")
        return cookie.value if cookie else ""

    def use_cookie(self, value: str) -> None:
        self.client.set_cookie("desk", value)

    def _origin(self) -> dict[str, Any]:
        return {"environ_overrides": {"REMOTE_ADDR": self._address}}

    def _remember(self, answer: TestResponse) -> TestResponse:
        found = TOKEN.search(answer.text) if answer.mimetype == "text/html" else None
        if found:
            self._token = found[1]
        return answer


def words_of(answer: TestResponse) -> str:
    """Return what a person reads on the page."""
    return " ".join(unescape(TAGS.sub(" ", answer.text)).split())


def told_by(answer: TestResponse) -> dict[str, Any]:
    """Return what the answer tells the page that asked."""
    told: dict[str, Any] = json.loads(answer.headers.get("HX-Trigger", "{}"))
    return told


def toast_of(answer: TestResponse) -> str:
    return str(told_by(answer).get("toast", {}).get("text", ""))
