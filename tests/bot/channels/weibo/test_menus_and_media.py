"""The menu below the chat, and the pictures and voices that citizens sent."""

import json
from urllib.parse import unquote_plus

import pytest

from bot.channels.base import Remedy
from bot.channels.weibo.api_errors import WeiboApiError
from bot.channels.weibo.client import FetchedMedia
from tests.bot.channels.scripted_server import Answer
from tests.bot.channels.weibo.api_server import form_of, refusal
from tests.bot.channels.weibo.platform import ACCESS_TOKEN

MENU = {
    "button": [
        {"type": "click", "name": "我要留言", "key": "leave_message"},
        {
            "name": "办事指南",
            "sub_button": [{"type": "view", "name": "社保", "url": "https://example.org/?a=1&b=2"}],
        },
    ]
}


def test_a_menu_is_sent_as_a_form_that_is_encoded_once(api, server):
    api.create_menu(MENU)

    [call] = server.calls
    assert (call.method, call.path, call.token) == (
        "POST",
        "/2/messages/menu/create.json",
        ACCESS_TOKEN,
    )
    assert json.loads(form_of(call)["menus"]) == MENU
    assert unquote_plus(call.body.decode()).startswith('menus={"button":[{"type":"click"')


def test_the_menu_in_force_is_told_as_the_platform_tells_it(api, server):
    server.script(Answer(json.dumps({"menu": MENU}).encode()))

    shown = api.show_menu()

    assert shown == {"menu": MENU}
    assert [(call.method, call.path) for call in server.calls] == [
        ("GET", "/2/messages/menu/show.json")
    ]


def test_a_menu_is_taken_away(api, server):
    api.delete_menu()

    [call] = server.calls
    assert (call.method, call.path) == ("POST", "/2/messages/menu/delete.json")


@pytest.mark.parametrize("change", ["create", "show", "delete"])
def test_a_menu_that_the_platform_refuses_is_an_error_with_its_code(api, server, change):
    server.script(refusal(21327, "expired_token", 403))

    with pytest.raises(WeiboApiError) as failed:
        {"create": lambda: api.create_menu(MENU), "show": api.show_menu}.get(
            change, api.delete_menu
        )()

    assert (failed.value.platform_code, failed.value.remedy) == (21327, Remedy.ALARM)


def test_a_picture_is_fetched_by_the_id_that_is_meant_for_the_receiver(api, server):
    server.script(Answer(b"\xff\xd8\xff-picture", headers={"Content-Type": "Image/JPEG; q=1"}))

    media = api.fetch_media("821804459")

    assert media == FetchedMedia(b"\xff\xd8\xff-picture", "image/jpeg")
    [call] = server.calls
    assert (call.method, call.path, call.token, call.query["fid"]) == (
        "GET",
        "/2/mss/msget",
        ACCESS_TOKEN,
        "821804459",
    )


@pytest.mark.parametrize("status", [200, 400])
def test_a_refusal_in_place_of_a_picture_is_no_picture(api, server, status):
    server.script(refusal(21301, "auth failed", status))

    with pytest.raises(WeiboApiError) as failed:
        api.fetch_media("821804459")

    assert failed.value.platform_code == 21301


@pytest.mark.parametrize("answer", [Answer(b""), Answer(b"gone", 404), Answer(b"x", 500)])
def test_what_is_no_picture_may_be_asked_for_again(api, server, answer):
    server.script(answer)

    with pytest.raises(WeiboApiError) as failed:
        api.fetch_media("821804459")

    assert failed.value.remedy is Remedy.RETRY_LATER


def test_a_picture_beyond_the_limit_is_not_read_to_its_end(api, server):
    server.script(Answer(b"x" * 300_000))

    with pytest.raises(WeiboApiError) as failed:
        api.fetch_media("821804459", limit_bytes=100_000)

    assert "100000" in failed.value.reason
    assert len(server.calls) == 1


def test_a_picture_of_exactly_the_limit_is_read(api, server):
    server.script(Answer(b"x" * 100_000))

    assert len(api.fetch_media("1", limit_bytes=100_000).content) == 100_000
