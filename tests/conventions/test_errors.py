"""Every broken rule has a code of its own, which programs choose their words by."""

import importlib
import re
from collections import Counter

import pytest

from core.errors import DomainError
from tests.conventions.sources import committed

for module in committed("core/*.py"):
    if "/migrations/" not in module:
        importlib.import_module(
            module.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        )


def kinds(error: type[DomainError] = DomainError) -> list[type[DomainError]]:
    return [error, *(kind for below in error.__subclasses__() for kind in kinds(below))]


ERRORS = [kind for kind in kinds() if kind.__module__.startswith("core.")]


def test_no_two_errors_share_a_code():
    codes = Counter(error.code for error in ERRORS)

    assert [code for code, count in codes.items() if count > 1] == []


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_every_error_has_a_stable_code_of_its_own(error):
    assert "code" in vars(error)
    assert re.fullmatch(r"[a-z][a-z_]+", error.code)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_every_error_is_of_one_of_the_kinds_that_programs_know(error):
    assert error is DomainError or error.__mro__[-4] is DomainError


def test_an_error_tells_its_facts():
    error = DomainError(number="WZ1", count=2)

    assert error.details == {"number": "WZ1", "count": 2}
    assert str(error) == "domain_error(number='WZ1', count=2)"
