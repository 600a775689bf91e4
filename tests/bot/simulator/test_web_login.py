"""网页授权 as the platform does it: a page that sends back with a code, worth one exchange."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from config.accounts import AccountKind
from tests.bot.simulator.conftest import OPENID, MovableClock
from tests.bot.simulator.platform import Platform

pytestmark = pytest.mark.anyio

BACK_TO = "http://desk.example/c/entered/town?kept=1"


async def authorize(platform: Platform, **changed: str) -> Any:
    query = {
        "appid": platform.account.app_id,
        "redirect_uri": BACK_TO,
        "response_type": "code",
        "scope": "snsapi_base",
        "state": "abc123",
        "phone": OPENID,
    } | changed
    return await platform.http.get("/connect/oauth2/authorize", params=query)


async def a_code(platform: Platform, **changed: str) -> str:
    answer = await authorize(platform, **changed)
    return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]


async def exchange(platform: Platform, code: str, **changed: str) -> dict[str, Any]:
    query = {
        "appid": platform.account.app_id,
        "secret": platform.account.app_secret,
        "code": code,
        "grant_type": "authorization_code",
    } | changed
    said: dict[str, Any] = (
        await platform.http.get("/sns/oauth2/access_token", params=query)
    ).json()
    return said


async def test_the_browser_is_sent_back_with_code_and_state(platform):
    answer = await authorize(platform)

    back = urlsplit(answer.headers["location"])
    query = parse_qs(back.query)
    assert (back.netloc, back.path) == ("desk.example", "/c/entered/town")
    assert query["kept"] == ["1"]
    assert query["state"] == ["abc123"]
    assert query["code"][0]


async def test_a_code_names_the_citizen_once(platform):
    code = await a_code(platform)

    assert (await exchange(platform, code))["openid"] == OPENID
    assert (await exchange(platform, code))["errcode"] == 40163


async def test_a_code_ends_after_five_minutes(platform, clock: MovableClock):
    code = await a_code(platform)
    clock.move(minutes=5)

    assert (await exchange(platform, code))["errcode"] == 40029


@pytest.mark.parametrize(
    ("changed", "errcode"),
    [
        ({"code": "no-such-code"}, 40029),
        ({"code": ""}, 41008),
        ({"secret": "wrong"}, 40125),
        ({"appid": "wx0"}, 40013),
        ({"grant_type": "client_credential"}, 40002),
    ],
)
async def test_a_wrong_exchange_is_refused(platform, changed: dict[str, str], errcode: int):
    code = await a_code(platform)

    said = await exchange(platform, changed.pop("code", code), **changed)

    assert said["errcode"] == errcode


async def test_who_is_nobody_yet_is_asked_whose_phone_it_is(platform):
    answer = await authorize(platform, phone="")

    assert "这是谁的手机" in answer.text
    assert OPENID in answer.text


async def test_the_chat_page_remembers_whose_phone_it_is(platform):
    platform.http.cookies.set("simulated_phone", OPENID, path="/connect")

    answer = await authorize(platform, phone="")

    assert answer.status_code == 307


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"appid": "wx0"}, "appid"),
        ({"scope": "snsapi_all"}, "10005"),
        ({"redirect_uri": "nowhere"}, "10003"),
        ({"state": "a b"}, "10004"),
        ({"state": "a" * 129}, "10004"),
    ],
)
async def test_a_wrong_address_is_refused_on_the_page(platform, changed: dict[str, str], said: str):
    answer = await authorize(platform, **changed)

    assert answer.status_code == 400
    assert said in answer.text


async def test_only_the_accounts_own_domain_is_led_back_to(platform):
    platform.account.own_domain = "elsewhere.example"

    assert "10003" in (await authorize(platform)).text


async def test_an_account_without_the_right_may_not(platform):
    platform.account.kind = AccountKind.SUBSCRIPTION

    assert "10005" in (await authorize(platform)).text


async def test_a_snapshot_is_marked_as_one(platform):
    code = await a_code(platform, snapshot="1")

    assert (await exchange(platform, code))["is_snapshotuser"] == 1
