"""Every broken rule has one status and one sentence, on pages and in toasts."""

import importlib
import pkgutil
from http import HTTPStatus

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

import core
from console import wording
from console.errors import status_of, words_for
from console.guard import open_to_all
from core.conversations.errors import AlreadyTaken, MessageTooLong
from core.errors import (
    ConflictError,
    DomainError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
)
from core.operators.errors import SignInLocked
from core.operators.models import Operator
from tests.console.browsing import Visitor, toast_of, told_by, words_of

KINDS = (NotFoundError, NotAllowedError, ConflictError, InvalidInputError)


def all_errors() -> list[type[DomainError]]:
    """Return every broken rule that core knows, wherever it is defined."""
    for module in pkgutil.walk_packages(core.__path__, "core."):
        if module.name.endswith("errors"):
            importlib.import_module(module.name)
    found, open_ = [], [DomainError]
    while open_:
        kind = open_.pop()
        found.append(kind)
        open_ += kind.__subclasses__()
    return sorted(set(found), key=lambda kind: kind.code)


@pytest.mark.parametrize("kind", all_errors(), ids=lambda kind: kind.code)
def test_a_broken_rule_has_words(kind: type[DomainError]):
    assert wording.errors().get(kind.code)


def test_no_two_broken_rules_share_a_code():
    codes = [kind.code for kind in all_errors()]

    assert sorted(set(codes)) == codes


def test_every_broken_rule_is_of_one_kind():
    assert [
        kind.code
        for kind in all_errors()
        if kind is not DomainError and sum(issubclass(kind, each) for each in KINDS) != 1
    ] == []


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFoundError(), HTTPStatus.NOT_FOUND),
        (NotAllowedError(), HTTPStatus.FORBIDDEN),
        (ConflictError(), HTTPStatus.CONFLICT),
        (InvalidInputError(), HTTPStatus.UNPROCESSABLE_ENTITY),
    ],
)
def test_the_kind_of_an_error_gives_its_status(error: DomainError, status: HTTPStatus):
    assert status_of(error) is status


def test_the_words_name_the_colleague_who_was_first(app: Flask, operator: Operator):
    with app.test_request_context():
        assert "王芳" in words_for(AlreadyTaken(conversation_id=1, operator_id=operator.id))


def test_the_words_say_how_many_minutes_to_wait(app: Flask):
    with app.test_request_context():
        assert "15 分钟" in words_for(SignInLocked(seconds=14 * 60 + 1))


def test_the_words_give_the_limit(app: Flask):
    with app.test_request_context():
        words = words_for(MessageTooLong(length=5000, limit=4000))

    assert "5000" in words
    assert "4000" in words


def test_a_page_that_is_not_there_is_shown_within_the_frame(seat: Visitor):
    answer = seat.get("/no-such-page")

    assert answer.status_code == 404
    assert "没有找到您要的页面" in words_of(answer)


def test_a_stranger_gets_the_same_page_without_a_menu(visitor: Visitor):
    answer = visitor.get("/no-such-page")

    assert answer.status_code == 404
    assert "rail-entry" not in answer.text


@pytest.mark.parametrize("number", [999_999, 10**20])
def test_a_conversation_that_is_not_there_is_a_404(seat: Visitor, number: int):
    answer = seat.get(f"/desk/{number}")

    assert answer.status_code == 404
    assert "没有找到" in words_of(answer)


def test_a_refused_button_is_told_as_a_toast_and_the_page_catches_up(seat: Visitor):
    answer = seat.press("/desk/999999/take-over")

    assert answer.status_code == 404
    assert "没有找到这个会话" in toast_of(answer)
    assert "live:catch-up" in told_by(answer)


def test_a_refused_background_refresh_disturbs_nobody(seat: Visitor):
    answer = seat.get_fragment("/desk/999999/news", **{"X-Background": "1"})

    assert answer.status_code == 404
    assert told_by(answer) == {}


def test_a_form_without_its_token_is_refused(seat: Visitor):
    answer = seat.client.post("/sign-out")

    assert answer.status_code == 400
    assert "页面已过期" in words_of(answer)


def test_an_oversized_form_is_refused(seat: Visitor):
    answer = seat.press("/desk/1/reply", {"text": "字" * 1_000_000})

    assert answer.status_code == 413


def test_a_failing_store_is_told_without_its_details(app: Flask, visitor: Visitor):
    def fail() -> str:
        raise OperationalError("SELECT secret", {}, Exception("password=letmein"))

    app.add_url_rule("/failing", "failing", open_to_all(fail))

    answer = visitor.get("/failing")

    assert answer.status_code == 503
    assert "服务暂时不可用" in words_of(answer)
    assert "SELECT" not in answer.text
    assert "letmein" not in answer.text
