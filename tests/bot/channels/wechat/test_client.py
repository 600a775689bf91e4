import logging
import socket
import threading
import traceback

import pytest

from bot.channels.base import DeliveryFailed, Remedy
from bot.channels.wechat.api_errors import WeChatApiError
from bot.channels.wechat.client import OFFICIAL_API_URL
from core.messaging import OutboundMessage
from tests.bot.channels.scripted_server import Answer
from tests.bot.channels.wechat.api_server import refusal
from tests.bot.channels.wechat.platform import CITIZEN, OPENID, SECRET, a_channel


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_text_is_sent_as_raw_utf8(api, server):
    api.send_text(OPENID, "您好 👍")

    [call] = server.other_calls
    assert (call.path, call.token) == ("/cgi-bin/message/custom/send", "token-1")
    assert call.fields == {"touser": OPENID, "msgtype": "text", "text": {"content": "您好 👍"}}
    assert "您好 👍".encode() in call.body


def test_the_typing_state_is_sent(api, server):
    api.show_typing(OPENID)

    [call] = server.other_calls
    assert call.path == "/cgi-bin/message/custom/typing"
    assert call.fields == {"touser": OPENID, "command": "Typing"}


def test_an_endpoint_that_spells_out_the_official_host_goes_to_the_set_address(api, server):
    api.call(lambda client: client.customservice.add_account("desk@town", "坐席", "secret"))
    api.call(lambda client: client.post(f"{OFFICIAL_API_URL}/cgi-bin/clear_quota", data={}))

    assert [call.path for call in server.other_calls] == [
        "/customservice/kfaccount/add",
        "/cgi-bin/clear_quota",
    ]


def test_a_refusal_keeps_the_platforms_code_words_and_request_id(api, server):
    server.script("send", refusal(45015, "response out of time limit rid: 5f3d-2292-4ba1"))

    with pytest.raises(WeChatApiError) as failed:
        api.send_text(OPENID, "您好")

    error = failed.value
    assert (error.platform_code, error.request_id) == (45015, "5f3d-2292-4ba1")
    assert error.remedy is Remedy.WINDOW_CLOSED
    assert "response out of time limit" in error.reason


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"<html>upstream</html>"),
        Answer(b""),
        Answer(b"[1, 2]"),
        Answer(b'"ok"'),
        Answer(b"{}"),
        Answer(b'{"errcode": "many"}'),
        Answer(b'{"errcode": null}'),
        Answer(b"\xff\xfe"),
        Answer(status=500),
        Answer(b'{"errcode": 0}', status=503),
        Answer(status=404),
        Answer(status=None),
        Answer(status=302, headers={"Location": "/elsewhere"}),
        Answer(status=307, headers={"Location": "/elsewhere"}),
    ],
    ids=range(14),
)
def test_whatever_is_no_proper_answer_leaves_the_outcome_open(api, server, answer):
    server.script("send", answer)

    with pytest.raises(WeChatApiError) as failed:
        api.send_text(OPENID, "您好")

    assert failed.value.remedy is Remedy.RETRY_LATER
    assert failed.value.is_outcome_unknown
    assert len(server.other_calls) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_takes_nothing_for_now_has_done_nothing(api, server, status):
    server.script("send", Answer(b"<html>busy</html>", status=status))

    with pytest.raises(WeChatApiError) as failed:
        api.send_text(OPENID, "您好")

    assert failed.value.remedy is Remedy.RETRY_LATER
    assert not failed.value.is_outcome_unknown


def test_an_error_code_in_quotes_is_an_error_code(api, server):
    server.script("send", Answer(b'{"errcode": "45047", "errmsg": "out of limit"}'))

    with pytest.raises(WeChatApiError) as failed:
        api.send_text(OPENID, "您好")

    assert failed.value.remedy is Remedy.QUOTA_USED


@pytest.mark.parametrize(("kind", "is_outcome_unknown"), [("token", False), ("send", True)])
def test_an_answer_that_does_not_come_is_not_waited_for(make_api, server, kind, is_outcome_unknown):
    api, gate = make_api(timeout_seconds=0.2), threading.Event()
    server.script(kind, Answer(b"{}", gate=gate))

    with pytest.raises(WeChatApiError) as failed:
        api.send_text(OPENID, "您好")
    gate.set()

    assert failed.value.remedy is Remedy.RETRY_LATER
    assert failed.value.is_outcome_unknown is is_outcome_unknown


def test_a_platform_that_cannot_be_reached_has_taken_nothing(make_api, server, redis):
    make_api().send_text(OPENID, "一")
    api = make_api(api_url=f"http://127.0.0.1:{free_port()}")

    with pytest.raises(WeChatApiError) as failed:
        api.send_text(OPENID, "二")

    assert failed.value.remedy is Remedy.RETRY_LATER
    assert not failed.value.is_outcome_unknown


def test_a_delivery_through_the_channel_reaches_the_platform(api, server):
    a_channel(api=api).deliver(CITIZEN, OutboundMessage("您好"))

    assert [call.fields["touser"] for call in server.other_calls] == [OPENID]


def test_no_token_and_no_secret_is_ever_logged(api, server, caplog):
    caplog.set_level(logging.DEBUG)
    server.script("send", refusal(40001, "invalid credential"), Answer(status=500))

    with pytest.raises(DeliveryFailed):
        a_channel(api=api).deliver(CITIZEN, OutboundMessage("您好"))

    assert "/cgi-bin/message/custom/send" in caplog.text
    assert "token-1" not in caplog.text
    assert SECRET not in caplog.text


def test_no_error_shows_the_token(make_api, server):
    make_api().send_text(OPENID, "一")
    api = make_api(api_url=f"http://127.0.0.1:{free_port()}")

    with pytest.raises(DeliveryFailed) as failed:
        a_channel(api=api).deliver(CITIZEN, OutboundMessage("您好"))

    shown = "".join(traceback.format_exception(failed.value))
    assert "token-1" not in shown
    assert SECRET not in shown
