"""The chat on the office's site, with no worker behind it: what comes in, what is shown."""

import json
import re
from typing import Any

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from console.app import create_app
from core.citizens import queries
from core.conversations.models import ChannelIdentity, Conversation, Message
from core.conversations.services import Reply, add_note, record_turn, say_as_desk, take_over
from core.conversations.states import Author
from core.messaging import ChannelName, Choice
from tests.builders import an_operator
from tests.console.browsing import Visitor, words_of

JSON = {"Accept": "application/json"}
KEY = re.compile(r'name="key" value="([0-9a-f]{32})"')


@pytest.fixture
def phone(app: Flask) -> Visitor:
    visitor = Visitor(app)
    visitor.get("/c/chat")
    return visitor


def news_of(phone: Visitor, *, after: int = 0) -> dict[str, Any]:
    news: dict[str, Any] = json.loads(phone.get(f"/c/chat/news?after={after}").text)
    return news


def refusal_of(answer: TestResponse) -> str:
    return str(json.loads(answer.text)["refusal"])


def conversation_in(session) -> Conversation:
    return session.scalars(select(Conversation)).one()


def answer(core, text: str, **given: Any) -> None:
    with core.unit_of_work() as uow:
        question = uow.session.scalars(
            select(Message).where(Message.author == Author.CITIZEN, Message.outcome.is_(None))
        ).one()
        record_turn(uow, question.id, [Reply(text, **given)])


def test_opening_the_page_stores_nothing(phone, session):
    phone.get("/c/chat/news")

    assert session.scalar(select(func.count(ChannelIdentity.id))) == 0


def test_the_first_words_make_an_identity_on_the_site(phone, session):
    phone.post("/c/chat", {"text": "身份证丢了怎么补办"})

    identity = session.scalars(select(ChannelIdentity)).one()
    message = session.scalars(select(Message)).one()
    assert (identity.channel, identity.account) == (ChannelName.WEB, "site")
    assert (message.channel, message.text) == (ChannelName.WEB, "身份证丢了怎么补办")


def test_without_a_script_the_page_is_shown_anew(phone):
    answered = phone.post("/c/chat", {"text": "身份证丢了怎么补办"})

    assert answered.status_code == 303
    assert "身份证丢了怎么补办" in words_of(phone.get("/c/chat"))
    assert "智能助手正在输入" in words_of(phone.get("/c/chat"))


def test_the_same_form_sent_twice_is_one_message(phone, session):
    found = KEY.search(phone.get("/c/chat").text)
    assert found is not None

    for _ in range(2):
        phone.post("/c/chat", {"text": "你好", "key": found[1]}, **JSON)

    assert session.scalar(select(func.count(Message.id))) == 1


def test_a_reload_keeps_the_talk_and_so_does_another_tab(phone, core):
    phone.post("/c/chat", {"text": "你好"})
    answer(core, "您好，请问有什么可以帮您？")

    assert "请问有什么可以帮您" in words_of(phone.get("/c/chat"))
    assert "机器人自动答复" in words_of(phone.get("/c/chat"))


def test_the_page_fetches_only_what_is_new(phone, core):
    phone.post("/c/chat", {"text": "你好"})
    before = news_of(phone)
    answer(core, "您好！")

    news = news_of(phone, after=before["after"])

    assert before["is_typing"] is True
    assert "您好！" in news["lines"]
    assert "你好" not in news["lines"]
    assert news["is_typing"] is False
    assert news_of(phone, after=news["after"])["lines"].strip() == ""


def test_choices_are_buttons_that_say_them(phone, core):
    phone.post("/c/chat", {"text": "你好"})
    answer(core, "请选择", choices=(Choice("转人工", "我要转人工"),))

    page = phone.get("/c/chat").text

    assert 'value="我要转人工"' in page
    phone.post("/c/chat", {"text": "我要转人工"})
    assert "我要转人工" in words_of(phone.get("/c/chat"))


def test_an_address_in_an_answer_can_be_followed(phone, core):
    phone.post("/c/chat", {"text": "你好"})
    answer(core, "请打开 https://example.org/c/case?number=WZ1。谢谢 <b>")

    page = phone.get("/c/chat").text

    assert 'href="https://example.org/c/case?number=WZ1"' in page
    assert "&lt;b&gt;" in page


def test_notes_of_staff_are_not_shown(phone, core, session):
    phone.post("/c/chat", {"text": "你好"})
    conversation_id = conversation_in(session).id
    with core.unit_of_work() as uow:
        operator = an_operator(uow, display_name="王芳")
        take_over(uow, conversation_id, operator_id=operator.id)
        add_note(uow, conversation_id, operator_id=operator.id, text="他昨天也来过")

    page, news = words_of(phone.get("/c/chat")), news_of(phone)

    assert "他昨天也来过" not in page + news["lines"]
    assert "人工坐席正在为您服务" in page


def test_nobody_reads_the_talk_of_somebody_else(phone, app: Flask):
    phone.post("/c/chat", {"text": "只有我知道的事"})
    stranger = Visitor(app)

    assert "只有我知道的事" not in stranger.get("/c/chat").text
    assert stranger.get("/c/chat/news").status_code == 204


@pytest.mark.parametrize("cookie", ["", "x", "eyJ.forged.cookie", "1", "[1,0]"])
def test_a_forged_cookie_is_a_stranger(phone, app: Flask, cookie):
    phone.post("/c/chat", {"text": "只有我知道的事"})
    stranger = Visitor(app)
    stranger.client.set_cookie("talk", cookie, path="/c")

    assert "只有我知道的事" not in stranger.get("/c/chat").text


def test_the_talk_can_be_ended_for_good(phone, session):
    phone.post("/c/chat", {"text": "只有我知道的事"})
    kept = phone.client.get_cookie("talk", path="/c").value
    phone.get("/c/chat")

    phone.post("/c/chat/end")

    assert "只有我知道的事" not in phone.get("/c/chat").text
    phone.client.set_cookie("talk", kept, path="/c")
    assert "只有我知道的事" not in phone.get("/c/chat").text


def test_long_words_are_refused_and_kept(phone, session):
    text = "很长" * 501

    refused = phone.post("/c/chat", {"text": text})

    assert refused.status_code == 422
    assert "最多 1000 字" in words_of(refused)
    assert text in refused.text
    assert "内容过长" in refusal_of(phone.post("/c/chat", {"text": text}, **JSON))
    assert session.scalar(select(func.count(Message.id))) == 0


@pytest.mark.parametrize("text", ["", "  ", "\u202e"])
def test_nothing_is_no_message(phone, text):
    assert phone.post("/c/chat", {"text": text}).status_code == 422


def test_a_flood_is_held_back_and_told_so(phone):
    answers = [phone.post("/c/chat", {"text": f"第{n}条"}, **JSON) for n in range(21)]

    assert [one.status_code for one in answers] == [204] * 20 + [429]
    assert "过于频繁" in refusal_of(answers[-1])


def test_what_the_page_shows_is_known_to_the_desk(phone, core, session):
    phone.post("/c/chat", {"text": "你好"})
    answer(core, "您好！")
    phone.get("/c/chat/news?after=0&read=2")

    with core.unit_of_work() as uow:
        presence = queries.presence(uow.session, conversation_in(session).id, uow.now)
        assert presence is not None
        assert (presence.is_open, presence.read_seq) == (True, 2)
    phone.post("/c/chat/left")
    with core.unit_of_work() as uow:
        presence = queries.presence(uow.session, conversation_in(session).id, uow.now)
        assert presence is not None
        assert not presence.is_open


def test_the_page_works_while_redis_is_away(settings, core):
    nowhere = Redis(port=1, socket_connect_timeout=0.2)
    phone = Visitor(create_app(settings, core, nowhere))
    phone.get("/c/chat")

    sent = phone.post("/c/chat", {"text": "你好"}, **JSON)

    assert sent.status_code == 204
    assert "你好" in news_of(phone)["lines"]


def test_a_notice_of_the_desk_is_named_as_one(phone, core, session):
    phone.post("/c/chat", {"text": "你好"})
    with core.unit_of_work() as uow:
        say_as_desk(uow, conversation_in(session).id, text="您的工单已受理")

    assert "系统通知" in words_of(phone.get("/c/chat"))
