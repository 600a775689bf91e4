import pytest

from bot.channels.base import DeliveryFailed, Remedy
from bot.channels.weibo.api_errors import KNOWN_CODES, WeiboApiError, refused
from core.messaging import Choice, OutboundMessage
from core.texts.weibo import parts_of
from tests.bot.channels.wechat.platform import said
from tests.bot.channels.weibo.platform import (
    BY_COMMENT,
    CITIZEN,
    CITIZEN_ID,
    COMMENT,
    REAL_IP,
    STATUS,
    FakeApi,
    a_channel,
    an_account,
    in_public,
)

LONG = OutboundMessage("第一句话。" * 120)


def test_a_message_is_sent_as_one_text_with_its_choices():
    api = FakeApi()

    count = a_channel(api=api).deliver(CITIZEN, OutboundMessage("请选择", (Choice("好", "好"),)))

    assert count == 1
    assert api.sent == [(CITIZEN_ID, "请选择\n1. 好\n请用文字回复您的选择，例如“好”。")]


def test_a_long_message_is_sent_in_parts_with_a_pause_between():
    api = FakeApi()
    pauses: list[float] = []

    count = a_channel(api=api, pause=pauses.append).deliver(CITIZEN, LONG)

    assert [text for _id, text in api.sent] == parts_of(LONG, 299)
    assert count == len(api.sent) == 3
    assert pauses == [0.5, 0.5]


def test_a_failure_in_the_middle_tells_where_to_go_on():
    api = FakeApi(None, refused(10001, "system error"))
    channel = a_channel(api=api)

    with pytest.raises(DeliveryFailed) as failed:
        channel.deliver(CITIZEN, LONG)
    count = channel.deliver(CITIZEN, LONG, parts_delivered=failed.value.parts_delivered)

    assert (failed.value.parts_delivered, failed.value.retryable) == (1, True)
    assert count == 2
    assert [text for _id, text in api.sent] == parts_of(LONG, 299)


def test_a_text_the_platform_finds_too_long_is_sent_in_halves():
    api = FakeApi(refused(20013, "text too long"))

    count = a_channel(api=api).deliver(CITIZEN, OutboundMessage("第一句话。" * 50))

    assert count == len(api.sent) == 2
    assert "".join(text for _id, text in api.sent) == "第一句话。" * 50


def test_a_message_with_nothing_to_show_is_not_sent():
    api = FakeApi()

    assert a_channel(api=api).deliver(CITIZEN, OutboundMessage(" \x00")) == 0
    assert api.sent == []


@pytest.mark.parametrize(
    ("code", "words", "remedy", "retryable"),
    [
        (10001, "System error", Remedy.RETRY_LATER, True),
        (10022, "IP requests out of rate limit", Remedy.RETRY_LATER, True),
        (10023, "User requests out of rate limit", Remedy.RETRY_TOMORROW, True),
        (20016, "Out of limit", Remedy.RETRY_LATER, True),
        (20017, "Repeat content", Remedy.REPHRASE, False),
        (20019, "Repeat content", Remedy.REPHRASE, False),
        (20301, "not your follower", Remedy.UNREACHABLE, False),
        (20206, "privacy", Remedy.UNREACHABLE, False),
        (10014, "Insufficient app permissions", Remedy.PASSIVE_ONLY, False),
        (21315, "Token expired", Remedy.ALARM, False),
        (21327, "expired_token", Remedy.ALARM, False),
        (21332, "invalid_access_token", Remedy.ALARM, False),
        (10017, "Parameter's value invalid", Remedy.BUG, False),
        # The platform's own rules for messages, whose codes it does not tell.
        (29999, "超过48小时，不能回复", Remedy.WINDOW_CLOSED, False),
        (29999, "reply out of time limit", Remedy.WINDOW_CLOSED, False),
        (29999, "48小时内只能回复1次", Remedy.QUOTA_USED, False),
        (29999, "message quota is used up", Remedy.QUOTA_USED, False),
        (29999, "something new in 4812", Remedy.ALARM, False),
    ],
)
def test_a_refused_message_says_what_to_do_about_it(code, words, remedy, retryable):
    channel = a_channel(api=FakeApi(refused(code, words)))

    with pytest.raises(DeliveryFailed) as failed:
        channel.deliver(CITIZEN, OutboundMessage("您好"))

    assert (failed.value.remedy, failed.value.retryable) == (remedy, retryable)
    assert failed.value.platform_code == code
    assert words in failed.value.reason


@pytest.mark.parametrize("code", [10003, 10010, 10011])
def test_where_something_behind_the_api_failed_nobody_knows_what_arrived(code):
    channel = a_channel(api=FakeApi(refused(code, "RPC error")))

    with pytest.raises(DeliveryFailed) as failed:
        channel.deliver(CITIZEN, OutboundMessage("您好"))

    assert failed.value.is_outcome_unknown


@pytest.mark.parametrize("was_sent", [True, False])
def test_a_message_without_an_answer_tells_whether_it_may_have_arrived(was_sent):
    channel = a_channel(api=FakeApi(WeiboApiError.no_answer("timeout", was_sent=was_sent)))

    with pytest.raises(DeliveryFailed) as failed:
        channel.deliver(CITIZEN, OutboundMessage("您好"))

    assert failed.value.retryable
    assert failed.value.is_outcome_unknown is was_sent


def test_every_code_of_a_refused_token_calls_for_people():
    token_codes = [code for code in KNOWN_CODES if 21301 <= code <= 21335]

    assert {KNOWN_CODES[code].remedy for code in token_codes} == {Remedy.ALARM}


def test_messages_that_fit_together_are_counted():
    channel = a_channel()

    assert channel.how_many_fit(said("一", "二", "长" * 295, "三")) == 2
    assert channel.how_many_fit([LONG, *said("一")]) == 0


def test_no_typing_state_is_shown():
    api = FakeApi()

    a_channel(api=api).show_typing(CITIZEN)

    assert (api.sent, api.comments) == ([], [])


class TestMentions:
    def test_a_mention_is_answered_by_message(self):
        api = FakeApi()

        assert a_channel(api=api).deliver(CITIZEN, in_public("请私信我们。")) == 1
        assert (api.sent, api.comments) == ([(CITIZEN_ID, "请私信我们。")], [])

    def test_a_mention_is_answered_by_comment_where_the_account_may(self):
        api = FakeApi()
        channel = a_channel(api=api, account=an_account(**BY_COMMENT))

        count = channel.deliver(CITIZEN, in_public("请私信我们。"))

        assert count == 1
        assert (api.sent, api.comments) == ([], [(STATUS.id, "请私信我们。", REAL_IP)])

    def test_who_was_named_in_a_comment_is_answered_by_message_all_the_same(self):
        api = FakeApi()
        channel = a_channel(api=api, account=an_account(**BY_COMMENT))

        channel.deliver(CITIZEN, in_public("请私信我们。", COMMENT))

        assert (len(api.sent), api.comments) == (1, [])

    def test_a_private_message_is_never_a_comment(self):
        api = FakeApi()
        channel = a_channel(api=api, account=an_account(**BY_COMMENT))

        channel.deliver(CITIZEN, OutboundMessage("您的工单已受理"))

        assert (len(api.sent), api.comments) == (1, [])

    def test_an_answer_in_public_is_one_comment_whatever_its_length(self):
        api = FakeApi(refused(20012, "Text too long"))
        channel = a_channel(api=api, account=an_account(**BY_COMMENT))

        with pytest.raises(DeliveryFailed) as failed:
            channel.deliver(CITIZEN, in_public("长" * 400))

        assert (failed.value.remedy, failed.value.retryable) == (Remedy.BUG, False)
        assert api.comments == []

    def test_a_comment_that_was_delivered_is_not_written_again(self):
        api = FakeApi()
        channel = a_channel(api=api, account=an_account(**BY_COMMENT))

        assert channel.deliver(CITIZEN, in_public("请私信我们。"), parts_delivered=1) == 0
        assert api.comments == []

    def test_private_words_never_go_out_together_with_a_comment(self):
        channel = a_channel(account=an_account(**BY_COMMENT))

        assert channel.how_many_fit([in_public("一"), *said("二")]) == 0
        assert channel.how_many_fit([*said("一"), in_public("二")]) == 1
        assert a_channel().how_many_fit([in_public("一"), *said("二")]) == 2
