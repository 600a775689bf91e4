"""An editor, a reviewer, and an entry they work at."""

import pytest

from core.knowledge.services import (
    approve_change,
    submit_change,
)
from core.operators.permissions import Role
from tests.builders import an_entry, an_operator


@pytest.fixture
def editor(uow):
    return an_operator(uow, Role.EDITOR)


@pytest.fixture
def reviewer(uow):
    return an_operator(uow, Role.KNOWLEDGE_REVIEWER)


@pytest.fixture
def entry(uow):
    entry = an_entry(uow, slug="loss", answer="旧答案", variants=["身份证丢了"])
    uow.session.flush()
    return entry


@pytest.fixture
def approved(uow, editor, reviewer):
    """Take a change as far as a second person takes it."""

    def take(change):
        submit_change(uow, change.id, author_id=editor.id)
        return approve_change(uow, change.id, reviewer_id=reviewer.id)

    return take
