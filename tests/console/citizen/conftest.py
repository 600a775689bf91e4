from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from core.bootstrap import Core
from tests.console.browsing import Visitor
from tests.console.cases.files import Files

Open = Callable[[Any], Visitor]


@pytest.fixture
def files(core: Core) -> Files:
    return Files(core)


@pytest.fixture
def look_up(app: Flask) -> Open:
    """Return a phone on which the case was opened with its code."""

    def open_case(case: Any) -> Visitor:
        phone = Visitor(app)
        phone.get("/c/case")
        answer = phone.post("/c/case", {"number": case.number, "code": case.query_code})
        assert answer.location == f"/c/case/{case.number}"
        return phone

    return open_case
