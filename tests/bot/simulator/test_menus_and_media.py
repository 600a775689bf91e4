"""The custom menu, pictures and recordings, and the rest of the API."""

import pytest

from bot.simulator.media import sample_picture
from tests.bot.simulator.conftest import OPENID
from tests.bot.simulator.platform import SEND

pytestmark = pytest.mark.anyio

CLICK = {"type": "click", "name": "我要提问", "key": "ASK"}
MENU = {
    "button": [
        {
            "name": "办事",
            "sub_button": [CLICK, {"type": "view", "name": "官网", "url": "https://g.cn"}],
        },
        {"type": "click", "name": "人工", "key": "HUMAN"},
    ]
}


async def test_a_menu_is_set_read_and_deleted(platform):
    created = await platform.post("/cgi-bin/menu/create", MENU)
    read = await platform.get("/cgi-bin/menu/get")
    shown = platform.account.shown_menu.as_json()
    deleted = await platform.get("/cgi-bin/menu/delete")
    gone = await platform.get("/cgi-bin/menu/get")

    assert (created["errcode"], deleted["errcode"], gone["errcode"]) == (0, 0, 46003)
    assert read == {"menu": MENU}
    assert shown == MENU
    assert platform.account.shown_menu.find(key="STATUS") is not None  # the demo menu is back


@pytest.mark.parametrize(
    ("button", "errcode"),
    [
        ([], 40016),
        ([CLICK] * 4, 40016),
        ([{"name": "办事", "sub_button": [CLICK] * 6}], 40023),
        ([CLICK | {"type": "press"}], 40017),
        ([CLICK | {"name": "我要提问题"}], 0),
        ([CLICK | {"name": "我要提问题了"}], 40018),
        ([CLICK | {"name": ""}], 40018),
        ([CLICK | {"key": ""}], 40019),
        ([CLICK | {"key": "K" * 129}], 40019),
        ([{"type": "view", "name": "官网"}], 40020),
        ([{"type": "view", "name": "官网", "url": "javascript:alert(1)"}], 40054),
    ],
)
async def test_a_menu_that_breaks_a_rule_is_refused(platform, button, errcode):
    answer = await platform.post("/cgi-bin/menu/create", {"button": button})

    assert answer["errcode"] == errcode


async def test_a_picture_of_a_citizen_is_fetched_by_media_id_or_address(platform, gateway):
    stored = (await platform.http.post("/control/pictures", content=sample_picture())).json()
    said = {"openid": OPENID, "kind": "image", "media_id": stored["media_id"]}
    await platform.http.post("/control/say", json=said)
    arrived = gateway.last.fields

    token = (await platform.stable_token())["access_token"]
    query = {"access_token": token, "media_id": arrived["MediaId"]}
    by_id = await platform.http.get("/cgi-bin/media/get", params=query)
    path = arrived["PicUrl"].removeprefix(platform.wechat.options.public_url)
    by_address = await platform.http.get(path)

    assert by_id.content == by_address.content == sample_picture()
    assert by_id.headers["content-type"] == by_address.headers["content-type"] == "image/png"


async def test_media_are_forgotten_after_three_days(platform, clock):
    media = platform.wechat.media.add_image(sample_picture(), clock())
    clock.move(days=3, seconds=1)

    answer = await platform.get("/cgi-bin/media/get", media_id=media.media_id)

    assert answer["errcode"] == 40007


async def test_a_recording_is_fetched_as_amr(platform, gateway):
    await platform.control("say", openid=OPENID, kind="voice", recognition="")
    token = (await platform.stable_token())["access_token"]
    query = {"access_token": token, "media_id": gateway.last.fields["MediaId"]}

    answer = await platform.http.get("/cgi-bin/media/get", params=query)

    assert answer.content.startswith(b"#!AMR\n")


async def test_an_uploaded_picture_can_be_sent(platform):
    await platform.wechat.say(OPENID, "你好")
    token = (await platform.stable_token())["access_token"]
    answer = await platform.http.post(
        "/cgi-bin/media/upload",
        params={"access_token": token, "type": "image"},
        files={"media": ("road.png", sample_picture(), "image/png")},
    )
    media_id = answer.json()["media_id"]

    sent = await platform.post(
        SEND, {"touser": OPENID, "msgtype": "image", "image": {"media_id": media_id}}
    )

    assert sent["errcode"] == 0
    shown = platform.wechat.transcripts.of(OPENID)[-1]
    assert shown.details["pic_url"] == platform.wechat.picture_address(media_id)


@pytest.mark.parametrize("content", [b"<svg onload='x'/>", b"MZ\x90", b"GIF", b""])
async def test_what_only_calls_itself_a_picture_is_refused(platform, content):
    answer = await platform.http.post("/control/pictures", content=content)

    assert answer.status_code == 422
    assert answer.json()["errcode"] in {40137, 41005}


async def test_an_upload_without_a_file_is_refused(platform):
    token = (await platform.stable_token())["access_token"]
    query = {"access_token": token, "type": "image"}

    answer = await platform.http.post("/cgi-bin/media/upload", params=query, content=b"x")

    assert answer.json()["errcode"] == 41005


async def test_the_addresses_of_the_platform_are_listed(platform):
    assert await platform.get("/cgi-bin/getcallbackip") == {"ip_list": ["127.0.0.1"]}


async def test_an_unknown_path_is_refused_like_everything_else(platform):
    assert (await platform.http.get("/cgi-bin/nothing/here")).json()["errcode"] == 40066


async def test_the_platform_tells_of_a_citizen_only_whether_they_follow(platform):
    follower = await platform.get("/cgi-bin/user/info", openid=OPENID)
    await platform.control("unfollow", openid=OPENID)
    former = await platform.get("/cgi-bin/user/info", openid=OPENID)

    assert follower == {"subscribe": 1, "openid": OPENID, "language": "zh_CN", "remark": ""}
    assert former == {"subscribe": 0, "openid": OPENID}
