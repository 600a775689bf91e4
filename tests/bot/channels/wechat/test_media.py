"""Pictures come from their address, all else by its id; each way of failing has its outcome."""

import json

import pytest

from bot.channels.downloads import Downloads
from bot.channels.media import MediaExpired, MediaNotFetched, MediaRefused
from bot.channels.wechat.media import WeChatMedia
from core.media.states import MediaKind, Refusal
from tests.bot.channels.scripted_server import Answer
from tests.bot.channels.wechat.api_server import refusal

LIMIT = 5000


@pytest.fixture
def media(api, server) -> WeChatMedia:
    return WeChatMedia(api, Downloads([], trusted_origins=[server.url]))


def failure_of(media: WeChatMedia, kind: MediaKind = MediaKind.VOICE) -> MediaNotFetched:
    with pytest.raises(MediaNotFetched) as failed:
        media.fetch(kind, {"media_id": "m1"}, limit_bytes=LIMIT)
    return failed.value


def test_a_recording_is_asked_for_by_its_id(media, server):
    server.script("send", Answer(b"#!AMR\n\x3c"))

    found = media.fetch(MediaKind.VOICE, {"media_id": "m/1+="}, limit_bytes=LIMIT)

    [call] = server.other_calls
    assert found == b"#!AMR\n\x3c"
    assert (call.path, call.token) == ("/cgi-bin/media/get", "token-1")
    assert call.query["media_id"] == "m/1+="


def test_a_picture_comes_from_its_address_without_a_token(media, server):
    server.script("send", Answer(b"\xff\xd8\xff"))
    source = {"media_id": "m1", "picture_url": f"{server.url}/pictures/1"}

    assert media.fetch(MediaKind.IMAGE, source, limit_bytes=LIMIT) == b"\xff\xd8\xff"

    [call] = server.calls
    assert (call.path, call.token) == ("/pictures/1", "")


@pytest.mark.parametrize("answer", [Answer(status=404), Answer(status=503), Answer(status=None)])
def test_a_picture_whose_address_does_not_answer_is_asked_for_by_its_id(media, server, answer):
    server.script("send", answer, Answer(b"\xff\xd8\xff"))
    source = {"media_id": "m1", "picture_url": f"{server.url}/pictures/1"}

    assert media.fetch(MediaKind.IMAGE, source, limit_bytes=LIMIT) == b"\xff\xd8\xff"
    assert server.other_calls[-1].path == "/cgi-bin/media/get"


def test_a_picture_at_a_foreign_address_is_asked_for_by_its_id(media, server):
    server.script("send", Answer(b"\xff\xd8\xff"))
    source = {"media_id": "m1", "picture_url": "http://10.0.0.1/inner"}

    assert media.fetch(MediaKind.IMAGE, source, limit_bytes=LIMIT) == b"\xff\xd8\xff"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ({"picture_url": "http://10.0.0.1/inner"}, Refusal.FORBIDDEN_ADDRESS),
        ({}, Refusal.NO_SOURCE),
    ],
)
def test_without_an_id_a_foreign_address_is_not_asked(media, source, reason):
    with pytest.raises(MediaRefused) as refused:
        media.fetch(MediaKind.IMAGE, source, limit_bytes=LIMIT)

    assert refused.value.refusal is reason


def test_a_token_refused_meanwhile_is_replaced_and_the_file_comes(media, api, server):
    api.show_typing("o1")
    server.revoke_token()
    server.script("send", refusal(40001), Answer(b"#!AMR\n"))

    assert media.fetch(MediaKind.VOICE, {"media_id": "m1"}, limit_bytes=LIMIT) == b"#!AMR\n"
    assert len(server.token_calls) == 2


def test_an_id_that_the_platform_does_not_know_any_more_has_expired(media, server):
    server.script("send", refusal(40007, "invalid media_id"))

    assert isinstance(failure_of(media), MediaExpired)


@pytest.mark.parametrize(
    ("answer", "can_retry"),
    [
        (refusal(-1), True),
        (refusal(45009), True),
        (refusal(48001), False),
        (Answer(b'{"errcode": "nonsense"}'), True),
        (Answer(status=502, body=b"<html>"), True),
        (Answer(b"<html><body>login</body></html>", headers={"Content-Type": "text/html"}), True),
        (Answer(b"\n <!doctype html>"), True),
        (Answer(status=None), True),
        (Answer(status=302, headers={"Location": "http://10.0.0.1/"}), True),
    ],
)
def test_what_comes_instead_of_a_file_tells_whether_trying_again_helps(
    media, server, answer, can_retry
):
    server.script("send", answer, answer)

    assert failure_of(media).can_retry is can_retry


def test_a_file_beyond_the_limit_is_refused(media, server):
    server.script("send", Answer(bytes(LIMIT + 1)))

    failure = failure_of(media)

    assert isinstance(failure, MediaRefused)
    assert failure.refusal is Refusal.TOO_LARGE


def test_a_video_may_lie_where_the_answer_says(media, server):
    address = {"video_url": f"{server.url}/films/1"}
    server.script("send", Answer(json.dumps(address).encode()), Answer(b"film"))

    assert media.fetch(MediaKind.VIDEO, {"media_id": "m1"}, limit_bytes=LIMIT) == b"film"


def test_a_video_that_lies_inside_the_office_is_not_fetched(media, server):
    server.script("send", Answer(b'{"video_url": "http://192.168.0.1/admin"}'))

    assert isinstance(failure_of(media, MediaKind.VIDEO), MediaRefused)
