"""An editor at a browser, and two entries to work at."""

import pytest

from core.bootstrap import Core
from core.operators.permissions import Role
from tests.builders import an_entry
from tests.console.browsing import Visitor
from tests.console.conftest import SignInAs
from tests.console.knowledge.drafts import change_of


@pytest.fixture
def editor(person):
    return person(Role.EDITOR, display_name="余雯")


@pytest.fixture
def desk(sign_in_as: SignInAs, editor) -> Visitor:
    """The browser of `editor`."""
    return sign_in_as(operator=editor)


@pytest.fixture
def two_entries(core: Core) -> None:
    with core.unit_of_work() as uow:
        an_entry(uow, slug="loss", question="身份证丢了怎么补领？", variants=["身份证丢了咋办"])
        an_entry(
            uow, slug="fund", question="公积金怎么提取？", variants=["怎么取公积金", "提公积金"]
        )


@pytest.fixture
def change(two_entries, core: Core, desk: Visitor, editor):
    answer = desk.post("/knowledge/loss/edit")
    assert answer.status_code == 302
    return change_of(core, editor)
