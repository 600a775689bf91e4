"""What the database decides: one model runs, one waits, one is live."""

import pytest
from sqlalchemy.exc import IntegrityError

from core.events import SYSTEM
from core.releases.models import ModelRelease
from core.releases.states import ReleaseState


@pytest.mark.parametrize("state", [ReleaseState.QUEUED, ReleaseState.LIVE])
def test_the_database_lets_only_one_be(uow, state):
    def add(version):
        uow.session.add(
            ModelRelease(version=version, state=state, requested_by=SYSTEM, queued_at=uow.now)
        )

    add("a")
    uow.session.flush()

    with pytest.raises(IntegrityError), uow.session.begin_nested():
        add("b")


@pytest.mark.parametrize("second", [ReleaseState.TRAINING, ReleaseState.RETURNING])
def test_the_database_lets_only_one_run(uow, second):
    def add(version, state):
        uow.session.add(
            ModelRelease(
                version=version,
                state=state,
                is_running=True,
                requested_by=SYSTEM,
                queued_at=uow.now,
            )
        )

    add("a", ReleaseState.CHECKING)
    uow.session.flush()

    with pytest.raises(IntegrityError), uow.session.begin_nested():
        add("b", second)
