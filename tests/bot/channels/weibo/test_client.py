import logging
import socket
import threading
import traceback

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.base import DeliveryFailed, Remedy
from bot.channels.weibo.api_errors import WeiboApiError
from bot.channels.weibo.calls import RetryPolicy
from core.messaging import OutboundMessage
from tests.bot.channels.scripted_server import Answer
from tests.bot.channels.texts import TRICKY
from tests.bot.channels.weibo.api_server import form_of, refusal
from tests.bot.channels.weibo.platform import (
    ACCESS_TOKEN,
    BY_COMMENT,
    CITIZEN,
    CITIZEN_ID,
    PUBLISHED,
    REAL_IP,
    STATUS,
    a_channel,
    an_account,
    in_public,
)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_message_is_the_form_that_the_platform_published(api, server):
    published = PUBLISHED["reply_form"]

    api.send_text(CITIZEN_ID, published["text"])

    [call] = server.calls
    assert (call.path, call.token) == ("/2/messages/reply.json", ACCESS_TOKEN)
    expected = f"receiver_id={CITIZEN_ID}&type=text&data={published['data']}&save_sender_box=1"
    assert call.body.decode() == expected


def test_a_comment_names_the_post_and_our_address(api, server):
    api.comment(STATUS.id, "请私信我们 👍", real_ip=REAL_IP)

    [call] = server.calls
    assert (call.path, call.token) == ("/2/comments/create.json", ACCESS_TOKEN)
    assert form_of(call) == {"id": STATUS.id, "comment": "请私信我们 👍", "rip": REAL_IP}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(TRICKY)
def test_any_text_is_encoded_exactly_once(api, server, raw):
    text = OutboundMessage(f"好{raw}")

    a_channel(api=api, text_limit_characters=10**6).deliver(CITIZEN, text)

    data = form_of(server.calls[-1])["data"]
    assert data.startswith('{"text":"好')


def test_messages_and_comments_have_addresses_of_their_own(make_api, server):
    nowhere = f"http://127.0.0.1:{free_port()}"
    api = make_api(api_url=nowhere)

    api.comment(STATUS.id, "请私信我们", real_ip=REAL_IP)
    with pytest.raises(WeiboApiError):
        api.send_text(CITIZEN_ID, "您好")

    assert len(server.calls) == 1


@pytest.mark.parametrize("status", [200, 400, 403])
@pytest.mark.parametrize("code", [21327, "21327"], ids=["number", "in quotes"])
def test_a_refusal_keeps_the_platforms_code_and_words(api, server, code, status):
    server.script(refusal(code, "expired_token", status))

    with pytest.raises(WeiboApiError) as failed:
        api.send_text(CITIZEN_ID, "您好")

    assert (failed.value.platform_code, failed.value.remedy) == (21327, Remedy.ALARM)
    assert "expired_token" in failed.value.reason
    assert not failed.value.is_outcome_unknown


def test_the_refusal_that_the_platform_published_is_understood(api, server):
    published = PUBLISHED["refusal"]
    server.script(refusal(published["error_code"], published["error"]))

    with pytest.raises(WeiboApiError) as failed:
        api.send_text(CITIZEN_ID, "您好")

    assert failed.value.platform_code == 20502
    assert "Need you follow uid." in failed.value.reason


def test_a_refused_token_is_not_tried_again(make_api, server):
    with pytest.raises(WeiboApiError) as failed:
        make_api("2.00another").send_text(CITIZEN_ID, "您好")

    assert failed.value.platform_code == 21332
    assert len(server.calls) == 1


def test_a_code_for_taken_but_slow_is_no_refusal(api, server):
    server.script(refusal(20032, "Update success, while server slow now"))

    api.comment(STATUS.id, "请私信我们", real_ip=REAL_IP)

    assert len(server.calls) == 1


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"<html>upstream</html>"),
        Answer(b""),
        Answer(b"[1, 2]"),
        Answer(b'"ok"'),
        Answer(b"{}"),
        Answer(b'{"result": false}'),
        Answer(b'{"result": []}'),
        Answer(b'{"result": {"result": true}}'),
        Answer(b'{"error_code": "many"}'),
        Answer(b'{"error_code": true}'),
        Answer(b"\xff\xfe"),
        Answer(b"[" * 100_000),
        Answer(status=500),
        Answer(b'{"result": true}', status=503),
        Answer(status=404),
        Answer(status=None),
        Answer(status=302, headers={"Location": "/elsewhere"}),
        Answer(status=307, headers={"Location": "/elsewhere"}),
    ],
    ids=range(18),
)
def test_whatever_is_no_proper_answer_leaves_the_outcome_open(api, server, answer):
    server.script(answer)

    with pytest.raises(WeiboApiError) as failed:
        api.send_text(CITIZEN_ID, "您好")

    assert failed.value.remedy is Remedy.RETRY_LATER
    assert failed.value.is_outcome_unknown
    assert len(server.calls) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_takes_nothing_for_now_has_done_nothing(api, server, status):
    server.script(Answer(b"<html>busy</html>", status=status))
    server.script(Answer(b"<html>busy</html>", status=status))

    with pytest.raises(WeiboApiError) as failed:
        api.send_text(CITIZEN_ID, "您好")

    assert failed.value.remedy is Remedy.RETRY_LATER
    assert not failed.value.is_outcome_unknown


class TestRetries:
    """Only what certainly did nothing is repeated, and only once."""

    def test_a_passing_error_is_tried_once_more(self, make_api, server):
        pauses: list[float] = []
        server.script(refusal(10001, "System error"))

        make_api(pause=pauses.append).send_text(CITIZEN_ID, "您好")

        assert (len(server.calls), pauses) == (2, [0.5])

    def test_an_error_that_stays_is_given_up_after_the_second_time(self, api, server):
        server.script(refusal(10001, "System error"), refusal(10001, "System error"))

        with pytest.raises(WeiboApiError) as failed:
            api.send_text(CITIZEN_ID, "您好")

        assert (len(server.calls), failed.value.remedy) == (2, Remedy.RETRY_LATER)

    @pytest.mark.parametrize("code", [10002, 10003, 10023, 20016, 20019, 21327])
    def test_what_time_or_people_must_mend_is_not_repeated_at_once(self, api, server, code):
        server.script(refusal(code))

        with pytest.raises(WeiboApiError):
            api.send_text(CITIZEN_ID, "您好")

        assert len(server.calls) == 1

    def test_how_often_is_a_matter_of_the_policy(self, make_api, server):
        server.script(*[refusal(20016)] * 3)
        policy = RetryPolicy(attempts=4, pause_seconds=0.0, codes=frozenset({20016}))

        make_api(retry=policy).send_text(CITIZEN_ID, "您好")

        assert len(server.calls) == 4


def test_an_answer_that_does_not_come_is_not_waited_for(make_api, server):
    api, gate = make_api(timeout_seconds=0.2), threading.Event()
    server.script(Answer(b"{}", gate=gate))

    with pytest.raises(WeiboApiError) as failed:
        api.send_text(CITIZEN_ID, "您好")
    gate.set()

    assert failed.value.remedy is Remedy.RETRY_LATER
    assert failed.value.is_outcome_unknown
    assert len(server.calls) == 1


def test_a_platform_that_cannot_be_reached_has_taken_nothing(make_api):
    pauses: list[float] = []
    api = make_api(api_url=f"http://127.0.0.1:{free_port()}", pause=pauses.append)

    with pytest.raises(WeiboApiError) as failed:
        api.send_text(CITIZEN_ID, "您好")

    assert failed.value.remedy is Remedy.RETRY_LATER
    assert not failed.value.is_outcome_unknown
    assert len(pauses) == 1


def test_without_a_token_the_platform_is_not_asked(make_api, server):
    with pytest.raises(WeiboApiError) as failed:
        make_api("").send_text(CITIZEN_ID, "您好")

    assert failed.value.remedy is Remedy.PASSIVE_ONLY
    assert server.calls == []


def test_a_delivery_through_the_channel_reaches_the_platform(api, server):
    channel = a_channel(api=api, account=an_account(**BY_COMMENT))

    channel.deliver(CITIZEN, OutboundMessage("您好"))
    channel.deliver(CITIZEN, in_public("请私信我们。"))

    assert [call.path for call in server.calls] == [
        "/2/messages/reply.json",
        "/2/comments/create.json",
    ]


def test_no_token_is_ever_logged(api, server, caplog):
    caplog.set_level(logging.DEBUG)
    server.script(refusal(21327, f"expired_token {ACCESS_TOKEN}"), Answer(status=500))

    for _ in range(2):
        with pytest.raises(DeliveryFailed) as failed:
            a_channel(api=api).deliver(CITIZEN, OutboundMessage("您好"))
        logging.getLogger("test").warning("failed", extra={"reason": failed.value.reason})
        assert ACCESS_TOKEN not in failed.value.reason

    assert "/2/messages/reply.json" in caplog.text
    assert ACCESS_TOKEN not in caplog.text


def test_no_error_shows_the_token(make_api):
    api = make_api(api_url=f"http://127.0.0.1:{free_port()}")

    with pytest.raises(DeliveryFailed) as failed:
        a_channel(api=api).deliver(CITIZEN, OutboundMessage("您好"))

    assert ACCESS_TOKEN not in "".join(traceback.format_exception(failed.value))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.binary(max_size=200), st.sampled_from([200, 400, 403, 500]))
def test_no_answer_whatever_brings_more_than_our_own_error(api, server, body, status):
    server.script(Answer(body, status))

    with pytest.raises(WeiboApiError):
        api.send_text(CITIZEN_ID, "您好")
