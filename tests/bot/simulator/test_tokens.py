"""Two families of access tokens, by HTTP."""

import pytest

from bot.simulator.options import Options
from tests.bot.simulator.conftest import OPENID
from tests.bot.simulator.platform import SEND

pytestmark = pytest.mark.anyio


async def errcode_with(platform, token):
    answer = await platform.http.get("/cgi-bin/getcallbackip", params={"access_token": token})
    return answer.json().get("errcode", 0)


async def test_a_basic_token_lasts_two_hours(platform, clock):
    granted = await platform.basic_token()

    assert granted["expires_in"] == 7200
    clock.move(seconds=7199)
    assert await errcode_with(platform, granted["access_token"]) == 0
    clock.move(seconds=1)
    assert await errcode_with(platform, granted["access_token"]) == 42001


async def test_a_new_basic_token_ends_the_former_after_five_minutes(platform, clock):
    former = (await platform.basic_token())["access_token"]
    newer = (await platform.basic_token())["access_token"]

    assert former != newer
    assert await errcode_with(platform, former) == 0
    clock.move(minutes=5)
    assert await errcode_with(platform, former) == 40001
    assert await errcode_with(platform, newer) == 0


async def test_the_stable_token_stays_the_same_while_it_is_valid(platform, clock):
    first = await platform.stable_token()
    clock.move(seconds=3000)
    second = await platform.stable_token()

    assert second == {"access_token": first["access_token"], "expires_in": 4200}


async def test_the_stable_token_is_renewed_five_minutes_early_and_both_work(platform, clock):
    former = (await platform.stable_token())["access_token"]
    clock.move(seconds=6900)
    renewed = await platform.stable_token()

    assert renewed["access_token"] != former
    assert renewed["expires_in"] == 7200
    assert await errcode_with(platform, former) == 0
    clock.move(seconds=300)
    assert await errcode_with(platform, former) == 42001
    assert await errcode_with(platform, renewed["access_token"]) == 0


async def test_the_families_do_not_end_each_other(platform, clock):
    basic = (await platform.basic_token())["access_token"]
    stable = (await platform.stable_token(force_refresh=True))["access_token"]
    clock.move(minutes=6)

    assert await errcode_with(platform, basic) == 0
    assert await errcode_with(platform, stable) == 0


async def test_a_forced_refresh_ends_the_former_stable_token_at_once(platform):
    former = (await platform.stable_token())["access_token"]
    newer = (await platform.stable_token(force_refresh=True))["access_token"]

    assert await errcode_with(platform, former) == 40001
    assert await errcode_with(platform, newer) == 0


async def test_forced_refreshes_are_30_seconds_apart_and_20_a_day(platform, clock):
    await platform.stable_token(force_refresh=True)
    clock.move(seconds=29)
    too_soon = await platform.stable_token(force_refresh=True)
    for _ in range(19):
        clock.move(seconds=30)
        last_allowed = await platform.stable_token(force_refresh=True)
    clock.move(seconds=30)
    too_many = await platform.stable_token(force_refresh=True)

    assert too_soon["errcode"] == 45011
    assert "access_token" in last_allowed
    assert too_many["errcode"] == 45009


@pytest.mark.parametrize(
    ("changed", "errcode"),
    [
        ({"grant_type": "password"}, 40002),
        ({"appid": ""}, 41002),
        ({"secret": ""}, 41004),
        ({"appid": "wx0000000000000000"}, 40013),
        ({"secret": "wrong"}, 40125),
    ],
)
async def test_wrong_credentials_are_refused_in_both_families(platform, changed, errcode):
    basic = await platform.basic_token(**changed)
    stable = await platform.stable_token(**changed)

    assert (basic["errcode"], stable["errcode"]) == (errcode, errcode)


async def test_each_family_wants_its_own_method(platform):
    posted = (await platform.http.post("/cgi-bin/token")).json()
    fetched = (await platform.http.get("/cgi-bin/stable_token")).json()

    assert (posted["errcode"], fetched["errcode"]) == (43001, 43002)


async def test_a_stable_token_is_asked_for_in_json(platform):
    form = await platform.http.post("/cgi-bin/stable_token", data={"appid": "x"})

    assert form.json()["errcode"] == 47001


async def test_callers_outside_the_whitelist_are_refused_with_their_address(platform):
    platform.account.ip_whitelist = ("10.1.0.0/16",)

    refused = await platform.stable_token()

    assert refused["errcode"] == 40164
    assert "invalid ip 127.0.0.1" in refused["errmsg"]
    platform.account.ip_whitelist = ("10.1.0.0/16", "127.0.0.1")
    assert "access_token" in await platform.stable_token()


async def test_basic_tokens_are_limited_by_the_beijing_day(platform, clock):
    platform.wechat.options = Options(token_calls_a_day=2)
    await platform.basic_token()
    await platform.basic_token()
    refused = await platform.basic_token()
    clock.move(hours=13, minutes=59)  # 23:59 in Beijing
    still_refused = await platform.basic_token()
    clock.move(minutes=1)
    next_day = await platform.basic_token()

    assert (refused["errcode"], still_refused["errcode"]) == (45009, 45009)
    assert "access_token" in next_day


async def test_a_missing_and_an_invented_token_are_told_apart(platform):
    missing = (await platform.http.post(SEND, content=b"{}")).json()

    assert missing["errcode"] == 41001
    assert await errcode_with(platform, "invented") == 40001


async def test_refusals_carry_a_request_id(platform):
    refused = await platform.stable_token(secret="wrong")

    rid = refused["errmsg"].rpartition(" rid: ")[2]
    assert [len(part) for part in rid.split("-")] == [8, 8, 8]


async def test_revoked_tokens_are_refused_until_a_new_one_is_fetched(platform):
    await platform.wechat.say(OPENID, "你好")
    assert await platform.send_text(OPENID, "在") == 0

    await platform.control("tokens/revoke")

    assert await platform.send_text(OPENID, "在吗") == 40001
    platform.token = ""
    assert await platform.send_text(OPENID, "在了") == 0
