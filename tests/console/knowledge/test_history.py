"""Every version can be compared and brought back."""

import pytest

from core.knowledge import queries
from tests.builders import an_entry
from tests.console.browsing import words_of
from tests.console.knowledge.drafts import change_of

pytestmark = pytest.mark.usefixtures("two_entries")


def test_an_earlier_version_comes_back_as_a_draft(core, desk, editor):
    with core.unit_of_work() as uow:
        entry = queries.get(uow.session, "loss")
        first = entry.answer
        an_entry(uow, slug="loss", answer="改过的答案", department=entry.department)
    history = desk.get("/knowledge/loss/history")
    assert "第 1 版 → 第 2 版" in words_of(history)
    assert "<ins>改过" in history.text

    answer = desk.post("/knowledge/loss/restore", {"version": "1"})

    assert change_of(core, editor).content.answer == first
    assert "恢复第 1 版" in desk.get(answer.location).text
    assert desk.post("/knowledge/loss/restore", {"version": "9"}).location.endswith("/history")


def test_any_two_versions_are_compared(core, desk):
    for number in (2, 3):
        with core.unit_of_work() as uow:
            department = queries.get(uow.session, "loss").department
            an_entry(uow, slug="loss", answer=f"答案{number}", department=department)

    read = words_of(desk.get("/knowledge/loss/history?from=1&to=3"))
    odd = words_of(desk.get("/knowledge/loss/history?from=x&to=99"))

    assert "第 1 版 → 第 3 版" in read
    assert "第 2 版 → 第 3 版" in odd
