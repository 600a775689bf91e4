"""The control API: who is there, what happened, and how the platform is set."""

import asyncio

import pytest

from bot.simulator import payloads
from config.accounts import PushMode
from tests.bot.simulator.conftest import OPENID

pytestmark = pytest.mark.anyio


async def test_citizens_are_made_by_name_number_or_openid(platform):
    made = await platform.control(
        "citizens", names=["李秀英"], openids=["oGiven"], count=2, following=False
    )

    citizens = made["citizens"]
    assert (citizens[0]["name"], citizens[1]["openid"]) == ("李秀英", "oGiven")
    assert len({citizen["openid"] for citizen in citizens}) == 4
    assert not any(citizen["is_following"] for citizen in citizens)
    assert {len(citizen["openid"]) for citizen in citizens[:1] + citizens[2:]} == {28}


async def test_the_same_name_has_the_same_openid_after_a_reset(platform):
    before = (await platform.control("citizens", names=["李秀英"]))["citizens"][0]
    await platform.control("reset")
    after = (await platform.control("citizens", names=["李秀英"]))["citizens"][0]

    assert before["openid"] == after["openid"]


async def test_a_reset_forgets_everything_but_the_accounts(platform):
    await platform.control("say", openid=OPENID, text="你好")
    await platform.control("accounts", mode="safe", is_verified=False)
    await platform.control("faults", faults=[{"name": "busy"}])

    await platform.control("reset")

    answer = await platform.http.get("/control/transcript", params={"openid": OPENID})
    stats = (await platform.http.get("/control/stats")).json()
    assert answer.status_code == 404
    assert (stats["pushes"], stats["api_calls"], stats["citizens"]) == (0, 0, 0)
    assert platform.account.mode is PushMode.PLAIN
    assert platform.account.is_verified
    assert (await platform.http.get("/control/faults")).json()["faults"] == []


async def test_an_answer_to_a_forgotten_push_is_not_shown(platform, gateway):
    gateway.holds_seconds = [0.1]
    gateway.replies("太晚了")
    asking = asyncio.create_task(platform.control("say", openid=OPENID, text="你好"))
    while not gateway.received:
        await asyncio.sleep(0.01)

    await platform.control("reset")
    await asking

    assert len(platform.wechat.citizens) == 0


async def test_the_figures_count_what_happened(platform, gateway):
    gateway.replies("您好")
    await platform.control("say", openid=OPENID, text="你好")
    gateway.answer = lambda _received: b"success"
    await platform.control("say", openid=OPENID, text="你好")
    gateway.answer = lambda _received: b"oops"
    await platform.control("say", openid=OPENID, text="你好")
    for _ in range(6):
        await platform.send_text(OPENID, "您好")
    await platform.basic_token()

    stats = (await platform.http.get("/control/stats")).json()

    assert (stats["pushes"], stats["deliveries"]) == (3, 3)
    outcomes = (stats["passive_replies"], stats["silent_answers"], stats["malfunctions"])
    assert outcomes == (1, 1, 1)
    assert (stats["api_sends"], stats["errors"]) == (5, {"45047": 1})
    assert (stats["token_calls"], stats["stable_token_calls"]) == (1, 1)


async def test_pushes_and_calls_can_be_looked_up(platform):
    said = await platform.control("say", openid=OPENID, text="你好")
    await platform.send_text(OPENID, "您好")

    push = (await platform.http.get(f"/control/pushes/{said['push_id']}")).json()
    pushes = (await platform.http.get("/control/pushes", params={"openid": OPENID})).json()
    calls = (await platform.http.get("/control/calls")).json()["calls"]

    assert "<Content><![CDATA[你好]]></Content>" in push["body"]
    assert [p["push_id"] for p in pushes["pushes"]] == [said["push_id"]]
    assert [call["path"] for call in calls] == [
        "/cgi-bin/stable_token",
        "/cgi-bin/message/custom/send",
    ]
    assert (calls[-1]["openid"], calls[-1]["errcode"]) == (OPENID, 0)


async def test_the_allowance_left_is_told(platform):
    await platform.wechat.send(OPENID, payloads.click("ASK", "我要提问"))
    await platform.wechat.say(OPENID, "你好")

    quota = (await platform.http.get("/control/quota", params={"openid": OPENID})).json()

    assert [(w["trigger"], w["left"]) for w in quota["windows"]] == [
        ("menu_click", 3),
        ("message", 5),
    ]


async def test_accounts_are_told_and_changed_without_their_secrets(platform, gateway):
    changed = await platform.control("accounts", mode="safe", push_format="json")
    await platform.control("say", openid=OPENID, text="你好")

    assert (changed["mode"], changed["push_format"]) == ("safe", "json")
    assert gateway.last.query["encrypt_type"] == "aes"
    account = platform.account
    told = (await platform.http.get("/control/accounts")).text
    for secret in (account.app_secret, account.token, account.encoding_aes_key):
        assert f'"{secret}"' not in told


async def test_the_address_is_verified_on_demand(platform, gateway):
    assert await platform.control("verify") == {"is_verified": True}

    platform.account.push_url = f"{gateway.address}/elsewhere"
    assert await platform.control("verify") == {"is_verified": False}


@pytest.mark.parametrize(
    ("path", "said", "status"),
    [
        ("say", {"text": "你好"}, 422),
        ("say", {"openid": OPENID, "txt": "你好"}, 422),
        ("say", {"openid": OPENID, "text": ""}, 422),
        ("say", {"openid": OPENID, "kind": "hologram"}, 422),
        ("say", {"openid": OPENID, "kind": "image", "media_id": "unknown"}, 422),
        ("say", {"openid": "oSomeone", "text": "你好", "account": "unknown"}, 404),
        ("tap", {"openid": "oNobody"}, 404),
        ("unfollow", {"openid": "oNobody"}, 404),
        ("burst", {"openids": [OPENID], "lines": []}, 422),
    ],
)
async def test_senseless_requests_are_refused(platform, gateway, path, said, status):
    answer = await platform.http.post(f"/control/{path}", json=said)

    assert answer.status_code == status
    assert gateway.received == []


async def test_a_body_that_is_no_json_is_refused(platform):
    answer = await platform.http.post("/control/say", content=b"{")

    assert answer.status_code == 422


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
async def test_it_says_that_it_is_well(platform, path):
    assert (await platform.http.get(path)).json() == {"status": "ok"}
