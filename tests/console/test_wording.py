"""Every value staff may meet has a Chinese name."""

import importlib
import pkgutil
from enum import StrEnum

import pytest

import core
from console import wording
from core.conversations.states import ConversationState

WITHOUT_WORDS = {
    "Permission",  # never shown
    "ConversationStep",  # a button has its own words
    "MenuStep",  # so have these
    "Field",  # of a menu's button: names a place on the form
    "MediaStep",  # likewise
    "ReleaseStep",  # likewise
    "GapStep",  # likewise
    "ErasureStep",  # likewise
    "ReportKind",  # what a platform reports is stored, not shown by its kind
}


def enumerations() -> list[type[StrEnum]]:
    for module in pkgutil.walk_packages(core.__path__, "core."):
        if "migrations" not in module.name:
            importlib.import_module(module.name)
    return sorted(
        (
            kind
            for kind in StrEnum.__subclasses__()
            if kind.__module__.startswith("core.") and kind.__name__ not in WITHOUT_WORDS
        ),
        key=lambda kind: kind.__name__,
    )


@pytest.mark.parametrize("kind", enumerations(), ids=lambda kind: kind.__name__)
def test_every_value_has_a_name(kind: type[StrEnum]):
    assert set(wording.labels().get(kind.__name__, {})) == {value.value for value in kind}


def test_a_value_is_named():
    assert wording.label(ConversationState.WAITING) == "等待接入"


def test_nothing_is_named_by_nothing():
    assert wording.label(None) == ""


def test_a_missing_fact_leaves_a_blank():
    assert wording.say("conversation_already_taken") == "已由坐席  接手，无需重复接入。"


def test_an_unknown_code_has_no_words():
    assert wording.say("no_such_code") is None
