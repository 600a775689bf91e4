import logging
from dataclasses import replace

import pytest

from bot.channels.base import (
    DeliveryFailed,
    Remedy,
)
from bot.channels.wechat.api_errors import WeChatApiError, refused
from core.messaging import Choice, OutboundMessage
from core.texts.wechat import parts_of
from tests.bot.channels.wechat.platform import (
    CITIZEN,
    OPENID,
    ORIGINAL_ID,
    FakeApi,
    a_channel,
    said,
)

LONG = OutboundMessage("第一句话。" * 400)


YES_OR_NO = OutboundMessage("请选择", (Choice("好", "好"), Choice("不好", "不好")))


def test_choices_are_offered_as_a_menu_of_the_platforms_own():
    api = FakeApi()

    assert a_channel(api=api).deliver(CITIZEN, YES_OR_NO) == 1

    assert api.menus == [(OPENID, "请选择", ["好", "不好"])]
    assert api.sent == []


def test_a_long_message_has_its_menu_under_its_last_part():
    api = FakeApi()
    long = OutboundMessage("第一句话。" * 150, YES_OR_NO.choices)

    assert a_channel(api=api).deliver(CITIZEN, long) == 2

    assert [head for _, head, _ in api.menus] == parts_of(OutboundMessage(long.text), 2048)[-1:]


@pytest.mark.parametrize(
    "message",
    [
        OutboundMessage("请选择", (Choice("我要提问", "你能帮我做什么"),)),
        replace(YES_OR_NO, has_plain_choices=True),
    ],
)
def test_where_a_menu_would_not_do_choices_are_links(message):
    api = FakeApi()

    a_channel(api=api).deliver(CITIZEN, message)

    assert api.menus == []
    assert "<a href=" in api.sent[0][1]


def test_an_account_that_takes_no_menus_gets_links_from_then_on():
    api = FakeApi(refused(40200, "invalid account type"))
    channel = a_channel(api=api)
    with pytest.raises(DeliveryFailed) as failed:
        channel.deliver(CITIZEN, YES_OR_NO)
    assert (failed.value.remedy, failed.value.retryable) == (Remedy.NO_MENUS, True)

    channel.deliver(CITIZEN, YES_OR_NO)

    assert api.menus == []
    assert "<a href=" in api.sent[0][1]


def test_a_message_is_sent_as_one_text_with_its_choices():
    api = FakeApi()
    plain = OutboundMessage("请选择", (Choice("好", "好"),), has_plain_choices=True)

    count = a_channel(api=api).deliver(CITIZEN, plain)

    [(openid, text)] = api.sent
    assert count == 1
    assert openid == OPENID
    assert text.startswith("请选择\n<a href=")


def test_a_long_message_is_sent_in_parts_with_a_pause_between():
    api = FakeApi()
    pauses: list[float] = []

    count = a_channel(api=api, pause=pauses.append).deliver(CITIZEN, LONG)

    assert [text for _openid, text in api.sent] == parts_of(LONG, 2048)
    assert count == 3
    assert pauses == [0.5, 0.5]


def test_a_message_with_nothing_to_show_is_not_sent():
    api = FakeApi()

    assert a_channel(api=api).deliver(CITIZEN, OutboundMessage(" \x00")) == 0
    assert api.sent == []


def test_a_failure_in_the_middle_tells_where_to_go_on():
    api = FakeApi(None, refused(-1, "system error rid: 1a-2b-3c"))
    channel = a_channel(api=api)

    with pytest.raises(DeliveryFailed) as failed:
        channel.deliver(CITIZEN, LONG)
    count = channel.deliver(CITIZEN, LONG, parts_delivered=failed.value.parts_delivered)

    assert (failed.value.parts_delivered, failed.value.retryable) == (1, True)
    assert (failed.value.platform_code, failed.value.request_id) == (-1, "1a-2b-3c")
    assert count == 2
    assert [text for _openid, text in api.sent] == parts_of(LONG, 2048)


@pytest.mark.parametrize(
    ("code", "remedy", "retryable"),
    [
        (-1, Remedy.RETRY_BRIEFLY, True),
        (45011, Remedy.RETRY_LATER, True),
        (45009, Remedy.RETRY_TOMORROW, True),
        (40001, Remedy.REFRESH_TOKEN, True),
        (40003, Remedy.UNREACHABLE, False),
        (43004, Remedy.UNREACHABLE, False),
        (45015, Remedy.WINDOW_CLOSED, False),
        (45047, Remedy.QUOTA_USED, False),
        (48001, Remedy.PASSIVE_ONLY, False),
        (40164, Remedy.ALARM, False),
        (99999, Remedy.ALARM, False),
        (47001, Remedy.BUG, False),
    ],
)
def test_a_refused_message_says_what_to_do_about_it(code, remedy, retryable):
    channel = a_channel(api=FakeApi(refused(code, "no")))

    with pytest.raises(DeliveryFailed) as failed:
        channel.deliver(CITIZEN, OutboundMessage("您好"))

    assert (failed.value.remedy, failed.value.retryable) == (remedy, retryable)


@pytest.mark.parametrize("was_sent", [True, False])
def test_a_message_without_an_answer_tells_whether_it_may_have_arrived(was_sent):
    channel = a_channel(api=FakeApi(WeChatApiError.no_answer("timeout", was_sent=was_sent)))

    with pytest.raises(DeliveryFailed) as failed:
        channel.deliver(CITIZEN, OutboundMessage("您好"))

    assert failed.value.retryable
    assert failed.value.is_outcome_unknown is was_sent


def test_a_text_the_platform_finds_too_long_is_sent_in_halves():
    api = FakeApi(refused(45002, "content size out of limit"))

    count = a_channel(api=api).deliver(CITIZEN, OutboundMessage("第一句话。" * 100))

    assert count == len(api.sent) == 2
    assert "".join(text for _openid, text in api.sent) == "第一句话。" * 100


def test_a_text_that_is_too_long_even_in_halves_is_given_up():
    too_long = refused(45002, "content size out of limit")
    channel = a_channel(api=FakeApi(too_long, too_long))

    with pytest.raises(DeliveryFailed) as failed:
        channel.deliver(CITIZEN, said("第一句话。" * 100)[0])

    assert (failed.value.remedy, failed.value.retryable) == (Remedy.SPLIT, False)


def test_the_typing_state_is_shown():
    api = FakeApi()

    a_channel(api=api).show_typing(CITIZEN)

    assert api.typing == [OPENID]


def test_a_typing_state_that_cannot_be_shown_is_no_failure(caplog):
    caplog.set_level(logging.INFO)

    a_channel(api=FakeApi(refused(45081, "already typing"))).show_typing(CITIZEN)

    assert caplog.messages == ["typing state not shown"]
    assert OPENID not in caplog.text
    assert ORIGINAL_ID not in caplog.text
