from collections.abc import Callable

import pytest

from core.bootstrap import Core
from core.departments.models import Department
from tests.builders import a_department
from tests.console.browsing import Visitor
from tests.console.cases.files import Files
from tests.console.conftest import SignInAs


@pytest.fixture
def files(core: Core) -> Files:
    return Files(core)


@pytest.fixture
def dispatcher(files: Files, sign_in_as: SignInAs) -> Visitor:
    return sign_in_as(operator=files.dispatcher)


@pytest.fixture
def handler(files: Files, sign_in_as: SignInAs) -> Visitor:
    return sign_in_as(operator=files.handler)


@pytest.fixture
def head(files: Files, sign_in_as: SignInAs) -> Visitor:
    return sign_in_as(operator=files.head)


@pytest.fixture
def supervisor(files: Files, sign_in_as: SignInAs) -> Visitor:
    return sign_in_as(operator=files.supervisor)


@pytest.fixture
def department(core: Core) -> Callable[..., Department]:
    """Add a unit to the office."""

    def add(**given: object) -> Department:
        with core.unit_of_work() as uow:
            return a_department(uow, **given)

    return add
