"""A citizen asks in WeChat and is answered by the bot, or shown the way to people."""

import pytest

from tests.people import Citizen

pytestmark = [pytest.mark.journey, pytest.mark.rasa, pytest.mark.timeout(300)]


def test_who_follows_the_account_is_welcomed(desk):
    citizen = Citizen(desk)

    citizen.follows()

    assert "欢迎关注" in citizen.hears("欢迎关注")


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("身份证丢了怎么补办", "居民身份证法"),
        ("生份证掉了咋整", "居民身份证法"),
        ("怎么申请政府信息公开", "政府信息公开条例"),
    ],
)
def test_a_question_is_answered_with_its_source_and_labelled_as_automatic(desk, question, source):
    answer = Citizen(desk).asks(question)

    assert source in answer
    assert "智能助手自动答复" in answer
    assert "转人工" in answer


def test_a_follow_up_is_answered_from_the_same_matter(desk):
    citizen = Citizen(desk)
    citizen.asks("身份证丢了怎么补办")

    assert "60日" in citizen.asks("要多久")


def test_an_emergency_gets_the_emergency_numbers_first(desk):
    answer = Citizen(desk).asks("我家着火了怎么办")

    assert answer.index("119") < answer.index("人工")


def test_a_tap_on_a_choice_asks_for_a_person(desk):
    citizen = Citizen(desk)
    citizen.asks("身份证丢了怎么补办")

    citizen.taps("转人工")

    assert "转接人工" in citizen.hears("转接人工")


@pytest.mark.parametrize(
    "text",
    [
        "长" * 10_000,
        "😀👨‍👩‍👧‍👦",
        "]]></Content><MsgType>news</MsgType>",
        "<script>alert(1)</script>",
        "/restart",
    ],
    ids=["long", "emoji", "cdata", "html", "slash"],
)
def test_strange_words_get_an_answer_like_any_others(desk, text):
    assert Citizen(desk).asks(text)


def test_ten_lines_within_a_second_are_all_answered_in_order(desk):
    citizen = Citizen(desk)
    citizen.asks("你好")
    numbers = [f"WZ20260301{number:04d}" for number in range(1, 11)]

    report = citizen.writes_at_once(numbers, gap_ms=50)

    assert report["answers"] == 10
    answered = [n for text in citizen.heard() for n in numbers if n in text]
    assert answered == numbers


def test_five_citizens_at_once_are_each_answered_in_order(desk):
    citizens = [Citizen(desk) for _ in range(5)]
    numbers = [f"WZ20260301{number:04d}" for number in range(1, 6)]

    report = citizens[0].writes_at_once(numbers, also=citizens[1:])

    assert report["answers"] == 25
    for citizen in citizens:
        answered = [n for text in citizen.heard() for n in numbers if n in text]
        assert answered == numbers
