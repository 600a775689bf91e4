import json
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.messaging import Choice, OutboundMessage
from core.texts.cleaning import inert
from core.texts.weibo import merge, parts_of, render
from tests.bot.channels.texts import MESSAGES, TRICKY
from tests.bot.channels.wechat.platform import payload, said
from tests.bot.channels.weibo.platform import (
    BY_COMMENT,
    CITIZEN_ID,
    COMMENT,
    NOW,
    PUBLISHED,
    UID,
    a_channel,
    an_account,
    answered,
    in_public,
    signed,
)

LIMIT = 299


def a_push(name="weibo_text.json", **account):
    return a_channel(account=an_account(**account)).read_push(signed(), {}, payload(name))


def size(text):
    return len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize("name", ["weibo_text.json", "weibo_text.xml", "weibo_mention_status.json"])
def test_an_acknowledgement_is_empty(name):
    answer = a_push(name).acknowledge()

    assert (answer.body, answer.carried) == (b"", 0)
    assert a_channel().acknowledge() == answer


def test_with_nothing_to_say_the_push_is_acknowledged():
    answer = a_push().render_passive(said("\x00"))

    assert (answer.body, answer.carried) == (b"", 1)


@pytest.mark.parametrize("published", PUBLISHED["passive_answers"], ids=lambda each: each["text"])
def test_an_answer_is_what_the_platform_published(published):
    account = an_account(uid=published["sender_id"])
    body = json.loads(payload("weibo_text.json")) | {
        "receiver_id": int(published["sender_id"]),
        "sender_id": int(published["receiver_id"]),
    }
    push = a_channel(account=account).read_push(signed(), {}, json.dumps(body).encode())

    answer = push.render_passive(said(published["text"]))

    expected = {"result": True, "type": "text"} | {
        name: published[name] for name in ("sender_id", "receiver_id", "data")
    }
    assert json.loads(answer.body) == expected
    assert (answer.content_type, answer.carried) == ("application/json; charset=utf-8", 1)


def test_an_answer_in_wechats_form_has_the_addresses_swapped():
    answer = a_push("weibo_text.xml").render_passive(said("您好]]>，请讲"))

    document = ElementTree.fromstring(answer.body)  # noqa: S314 - our own
    found = {child.tag: child.text for child in document}
    assert found == {
        "ToUserName": CITIZEN_ID,
        "FromUserName": UID,
        "CreateTime": str(int(NOW.timestamp())),
        "MsgType": "text",
        "Content": "您好]]＞，请讲",
    }
    assert answer.content_type == "application/xml; charset=utf-8"


@given(TRICKY)
def test_any_text_arrives_as_it_was_rendered(raw):
    text = parts_of(OutboundMessage(raw), 10**6)

    answer = a_channel(text_limit_characters=10**6).read_push(
        signed(), {}, payload("weibo_text.json")
    ).render_passive([OutboundMessage(raw)])  # fmt: skip

    assert ([answered(answer.body)] if answer.body else []) == text


@given(TRICKY)
def test_no_text_brings_anything_but_letters_into_the_answer(raw):
    answer = a_push().render_passive([OutboundMessage(f"好{raw}")])

    data = json.loads(answer.body)["data"]
    assert data == quote(data, safe="%")


class TestChoices:
    """Nothing can be tapped: a citizen chooses by writing the words."""

    def test_choices_are_numbered_lines_with_the_words_to_write(self):
        message = OutboundMessage(
            "请选择：",
            (Choice("查进度", "查询办理进度"), Choice("转人工", "转人工"), Choice("", "谢谢")),
        )

        assert render(message).splitlines() == [
            "请选择：",
            "1. 查进度（请回复“查询办理进度”）",
            "2. 转人工",
            "3. 谢谢",
            "请用文字回复您的选择，例如“查询办理进度”。",
        ]

    def test_a_choice_without_words_to_send_is_chosen_by_its_title(self):
        message = OutboundMessage("", (Choice("转人工", ""), Choice(" ", "\x00")))

        assert render(message) == "1. 转人工\n请用文字回复您的选择，例如“转人工”。"

    def test_without_choices_there_is_nothing_to_explain(self):
        assert render(OutboundMessage("您好")) == "您好"

    @given(MESSAGES)
    def test_the_words_of_every_choice_are_there_to_be_written(self, message):
        rendered = render(message)

        for choice in message.choices:
            words = " ".join(inert(choice.says).split()) or " ".join(inert(choice.title).split())
            assert words in rendered

    @given(MESSAGES)
    def test_nothing_is_markup(self, message):
        assert "<" not in render(message)


class TestParts:
    @given(MESSAGES, st.integers(min_value=30, max_value=LIMIT))
    def test_every_part_of_every_message_fits_and_none_is_blank(self, message, limit):
        parts = parts_of(message, limit)

        assert all(part.strip() and size(part) <= limit for part in parts)
        assert "".join("".join(parts).split()) == "".join(render(message).split())

    def test_a_text_stays_below_three_hundred_characters(self):
        answer = a_push().render_passive(said("长" * 1000))

        assert len(answered(answer.body)) == LIMIT
        assert (answer.carried, answer.parts_of_next) == (0, 1)

    def test_an_emoji_counts_for_as_many_characters_as_it_could(self):
        answer = a_push().render_passive(said("👍" * 200))

        assert answered(answer.body) == "👍" * 149

    def test_a_long_message_goes_on_where_it_stopped(self):
        long = said("第一句话。" * 100)
        parts = parts_of(long[0], LIMIT)

        last = a_push().render_passive([*long, *said("后来")], parts_delivered=len(parts) - 1)

        assert answered(last.body) == f"{parts[-1]}\n\n后来"
        assert (last.carried, last.parts_of_next) == (2, 0)

    def test_messages_that_fit_are_merged_in_order(self):
        answer = a_push().render_passive(said("您好", "您的工单已受理", "长" * 300))

        assert answered(answer.body) == "您好\n\n您的工单已受理"
        assert (answer.carried, answer.parts_of_next) == (2, 0)

    @given(st.lists(MESSAGES, max_size=5), st.integers(min_value=30, max_value=LIMIT))
    def test_merging_until_everything_is_carried_loses_and_repeats_nothing(self, messages, limit):
        expected = [part for message in messages for part in parts_of(message, limit)]

        texts, left, done = [], messages, 0
        for _turn in range(len(expected) + 1):
            merged = merge(left, limit, parts_delivered=done)
            assert size(merged.text) <= limit
            texts += [merged.text] if merged.text else []
            left, done = left[merged.carried :], merged.parts_of_next

        assert left == []
        assert "".join("".join(texts).split()) == "".join("".join(expected).split())


class TestMentions:
    """What may be said in the answer to a push goes to the citizen alone."""

    def test_a_mention_is_answered_by_the_private_message_it_grants(self):
        answer = a_push("weibo_mention_status.json").render_passive([in_public("请私信我们。")])

        assert answered(answer.body) == "请私信我们。"
        assert answer.carried == 1

    def test_what_is_to_be_a_comment_is_not_said_in_private(self):
        push = a_push("weibo_mention_status.json", **BY_COMMENT)

        answer = push.render_passive([in_public("请私信我们。"), *said("后来")])

        assert (answer.body, answer.carried, answer.parts_of_next) == (b"", 0, 0)

    def test_private_words_before_a_comment_are_carried_and_those_behind_it_wait(self):
        push = a_push("weibo_text.json", **BY_COMMENT)

        answer = push.render_passive([*said("您好"), in_public("请私信我们。"), *said("后来")])

        assert answered(answer.body) == "您好"
        assert answer.carried == 1

    def test_who_was_named_in_a_comment_is_answered_by_message(self):
        push = a_push("weibo_mention_comment.json", **BY_COMMENT)

        answer = push.render_passive([in_public("请私信我们。", COMMENT)])

        assert answered(answer.body) == "请私信我们。"
