"""What an open page is brought when something is new."""

from collections.abc import Callable

import pytest
from flask import Flask

from core.bootstrap import Core
from core.conversations import services
from core.operators.models import Operator
from core.operators.permissions import Role
from tests.console.browsing import Visitor, words_of
from tests.console.desk.conversations import Talk
from tests.console.desk.pages import OpenPage, shown


def test_only_what_the_page_does_not_show_is_brought(seat: Visitor, talk: Talk):
    talk.citizen_says("第一句")
    page = OpenPage(seat, talk)
    new = talk.citizen_says("第二句")

    assert shown(page.news()) == [new.id]
    assert shown(page.news()) == []


def test_after_a_long_break_everything_is_brought_in_order(seat: Visitor, talk: Talk):
    talk.citizen_says("第一句")
    page = OpenPage(seat, talk)
    new = [talk.citizen_says(f"断线时的第{number}句").id for number in range(150)]

    assert shown(page.news()) == new


def test_a_line_comes_again_when_its_delivery_changes_and_then_rests(
    seat: Visitor, operator: Operator, talk: Talk
):
    talk.taken_by(operator.id)
    page = OpenPage(seat, talk)
    message = talk.last()
    assert shown(page.news()) == []

    talk.delivery_fails(message)
    news = page.news()
    assert shown(news) == [message.id]
    assert "hx-swap-oob=true" in news.text
    assert shown(page.news()) == []

    talk.is_delivered()
    assert shown(page.news()) == [message.id]
    assert page.marks == {}


def test_a_question_loses_its_sign_of_waiting_when_the_bot_has_answered(seat: Visitor, talk: Talk):
    question = talk.citizen_says()
    page = OpenPage(seat, talk)
    assert "智能助手正在应答" in words_of(page.first)

    talk.bot_answers(question)

    news = page.news()
    assert shown(news)[-1] == question.id  # again, out of band, after the answer
    assert "智能助手正在应答" not in words_of(news)


def test_marks_of_another_conversation_bring_nothing(seat: Visitor, core: Core, talk: Talk):
    talk.citizen_says()
    other = Talk(core).citizen_says("别人的话")

    answer = seat.get_fragment(f"/desk/{talk.id}/news?after=99&open={other.id}:changed")

    assert shown(answer) == []
    assert "别人的话" not in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "open=x:y",
        "open=9999999:failed-1",
        "after=x",
        "open=:",
        "open=1",
        f"open={10**20}:x",
        f"after={10**20}",
    ],
)
def test_what_a_page_could_not_have_asked_is_answered_calmly(seat: Visitor, talk: Talk, query: str):
    talk.citizen_says()

    assert seat.get_fragment(f"/desk/{talk.id}/news?{query}").status_code == 200


def test_when_a_colleague_takes_over_the_page_changes_with_it(
    seat: Visitor, person: Callable[..., Operator], talk: Talk
):
    talk.waits()
    page = OpenPage(seat, talk)
    assert 'id="composer"' not in page.news().text

    talk.taken_by(person(Role.OPERATOR, display_name="陈明").id)

    news = page.news()
    assert 'id="conversation-head" hx-swap-oob=true' in news.text
    assert 'id="composer"' in news.text
    assert "陈明 正在接待" in words_of(news)
    assert 'id="composer"' not in page.news().text


def test_a_page_of_the_desk_has_all_its_parts(app: Flask, seat: Visitor, talk: Talk):
    talk.waits()

    page = seat.get(f"/desk/{talk.id}").text

    for part in (
        "desk-lists",
        "thread",
        "thread-news",
        "composer",
        "context",
        "menu",
        "live-state",
    ):
        assert f'id="{part}"' in page


def test_the_reply_box_says_how_many_messages_the_platform_still_takes(
    seat: Visitor, operator: Operator, core: Core, talk: Talk
):
    talk.taken_by(operator.id)
    page = OpenPage(seat, talk)
    assert "还可发送 5 条，剩余 48:00" in words_of(page.first)

    with core.unit_of_work() as uow:
        services.spend(uow, talk.id, 2)
    assert "还可发送 3 条" in words_of(page.news())

    with core.unit_of_work() as uow:
        services.spend(uow, talk.id, 3)
    news = words_of(page.news())
    assert "还可发送 0 条（平台允许的条数已用完）" in news
    assert "市民下次来信时自动送出" in news
