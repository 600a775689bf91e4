"""What the chat page is served."""

import asyncio
import json
import re
from pathlib import Path

import pytest

import bot.simulator
from tests.bot.simulator.conftest import OPENID

pytestmark = pytest.mark.anyio

STATIC = Path(bot.simulator.__file__).parent / "static"


async def next_event(lines, kind):
    async for line in lines:
        if line.startswith("data: "):
            event = json.loads(line.removeprefix("data: "))
            if event["type"] == kind:
                return event
    return None


async def test_the_page_allows_only_its_own_scripts_and_styles(platform):
    page = await platform.http.get("/")

    policy = page.headers["content-security-policy"]
    assert page.status_code == 200
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script>|style=|onclick=", page.text)


async def test_everything_the_page_asks_for_is_there(platform):
    page = (await platform.http.get("/")).text
    addresses = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))

    assert len(addresses) > 5
    for address in addresses:
        assert (await platform.http.get(address)).status_code == 200


def test_the_scripts_never_write_html():
    for script in STATIC.glob("*.js"):
        words = script.read_text()
        assert "innerHTML" not in words
        assert "insertAdjacentHTML" not in words
        assert "document.write" not in words


async def test_the_page_is_told_of_accounts_menus_and_citizens(platform):
    await platform.wechat.say(OPENID, "你好")

    state = (await platform.http.get("/page/state")).json()

    assert state["accounts"][0]["name"] == "清河县人民政府"
    assert state["accounts"][0]["menu"]["button"][0]["name"] == "问政策"
    citizen = state["citizens"][0]
    assert (citizen["name"], citizen["last"]["text"]) == ("王建国", "你好")


async def test_the_panel_is_told_of_pushes_calls_and_what_is_left(platform, gateway):
    gateway.replies("您好")
    await platform.wechat.say(OPENID, "你好")
    await platform.send_text(OPENID, "再补充一句")
    await platform.control("faults", faults=[{"name": "slow", "seconds": 1, "path": "/none"}])

    panel = (await platform.http.get("/page/panel", params={"openid": OPENID})).json()

    assert panel["pushes"][0]["outcome"] == "reply"
    assert panel["calls"][0]["path"] == "/cgi-bin/message/custom/send"
    assert [(w["trigger"], w["left"]) for w in panel["windows"]] == [("message", 4)]
    assert panel["faults"][0]["name"] == "slow"


async def test_what_happens_is_told_live(platform):
    async with platform.http.stream("GET", "/page/events") as events:
        lines = events.aiter_lines()
        await anext(lines)
        await platform.wechat.say(OPENID, "你好")
        said = await asyncio.wait_for(next_event(lines, "entry"), 5)
        await platform.post(
            "/cgi-bin/message/custom/typing", {"touser": OPENID, "command": "Typing"}
        )
        typing = await asyncio.wait_for(next_event(lines, "typing"), 5)

    assert (said["entry"]["openid"], said["entry"]["text"]) == (OPENID, "你好")
    assert typing == {"type": "typing", "openid": OPENID, "is_typing": True}


async def test_a_page_that_lags_behind_is_told_to_start_again(wechat):
    following = wechat.feed.follow()
    first = asyncio.create_task(anext(following))
    await asyncio.sleep(0)
    for number in range(600):
        wechat.feed.publish("call", number=number)
    heard = [await first, *[await anext(following) for _ in range(500)]]
    await following.aclose()

    assert heard[-1] == {"type": "start_again"}


async def test_a_text_is_cut_into_plain_words_and_links(platform, gateway):
    href = "weixin://bizmsgmenu?msgmenucontent=%E8%BD%AC%E4%BA%BA%E5%B7%A5&msgmenuid=1"
    gateway.replies(f'<b>您好</b> <a href="{href}">找人工</a>')
    await platform.wechat.say(OPENID, "你好")

    reply = (await platform.transcript(OPENID))[-1]

    assert reply["segments"] == [
        {"text": "<b>您好</b> "},
        {"text": "找人工", "tap": {"content": "转人工", "menu_id": "1"}},
    ]


async def test_a_strange_website_cannot_pull_the_strings(platform):
    headers = {"origin": "https://elsewhere.example"}

    answer = await platform.http.post("/control/reset", headers=headers)

    assert answer.status_code == 403
    assert len(platform.wechat.citizens) == 1


async def test_an_unknown_picture_is_not_found(platform):
    assert (await platform.http.get("/media/pictures/unknown")).status_code == 404
