"""An editor's approved change, and models in every state."""

import pytest

from core.events import SYSTEM
from core.knowledge.services import approve_change, submit_change
from core.operators.permissions import Role
from core.releases import services
from core.releases.services import BuiltModel
from tests.builders import a_change, an_entry, an_operator

REPORT = {"verdict": "passed", "fingerprint": "f" * 64}


@pytest.fixture
def editor(uow):
    return an_operator(uow, Role.EDITOR)


@pytest.fixture
def reviewer(uow):
    return an_operator(uow, Role.KNOWLEDGE_REVIEWER)


@pytest.fixture
def approved(uow, editor, reviewer):
    """Let a second person approve a new form of an entry, and return the change."""

    def approve(slug):
        entry = an_entry(uow, slug=slug, variants=["身份证丢了"])
        uow.session.flush()
        change = a_change(uow, entry, editor, variants=["身份证丢了", f"{slug} 的新问法"])
        submit_change(uow, change.id, author_id=editor.id)
        return approve_change(uow, change.id, reviewer_id=reviewer.id)

    return approve


def built(version):
    return BuiltModel(version, "a" * 64, 15_000_000, questions=287, forms=3838)


@pytest.fixture
def installed(uow):
    return services.install(uow, built("20260101-000000"), note="随程序安装")


@pytest.fixture
def started(uow):
    """Queue a training and take it up."""

    def start():
        services.request_release(uow, requested_by=SYSTEM)
        return services.start_next(uow)

    return start


@pytest.fixture
def released(uow, started, clock):
    """Bring a training all the way."""

    def release():
        running = started()
        services.go_live(uow, running.id, built(running.version), report=REPORT)
        uow.session.flush()
        return running

    return release
