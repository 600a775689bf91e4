"""Misfortunes on demand."""

import json
from random import Random

import httpx
import pytest

from bot.simulator.faults import Fault, FaultName, Faults
from tests.bot.simulator.conftest import OPENID
from tests.bot.simulator.platform import SEND

pytestmark = pytest.mark.anyio


async def switch(platform, name, **settings):
    await platform.control("faults", faults=[{"name": name} | settings])


async def send(platform):
    token = platform.token or (await platform.stable_token())["access_token"]
    platform.token = token
    said = {"touser": OPENID, "msgtype": "text", "text": {"content": "您好"}}
    body = json.dumps(said, ensure_ascii=False).encode()
    return await platform.http.post(SEND, params={"access_token": token}, content=body)


@pytest.fixture
async def talking(platform):
    """A citizen has written and a token is at hand."""
    await platform.wechat.say(OPENID, "你好")
    platform.token = (await platform.stable_token())["access_token"]
    return platform


def shown(platform):
    return [e.text for e in platform.wechat.transcripts.of(OPENID) if e.is_answer]


async def test_a_counted_fault_strikes_that_often_and_then_no_more(talking):
    await switch(talking, "busy", count=2)

    answers = [(await send(talking)).json()["errcode"] for _ in range(3)]

    assert answers == [-1, -1, 0]
    assert (await talking.http.get("/control/faults")).json()["faults"] == []


@pytest.mark.parametrize(
    ("name", "status", "start"),
    [("server_error", 502, "Bad Gateway"), ("html", 200, "<html>")],
)
async def test_the_answer_may_be_no_json_at_all(talking, name, status, start):
    await switch(talking, name)

    answer = await send(talking)

    assert answer.status_code == status
    assert answer.text.startswith(start)
    assert shown(talking) == []


async def test_the_daily_quota_can_be_used_up_by_switch(talking):
    await switch(talking, "daily_quota")

    assert (await send(talking)).json()["errcode"] == 45009


async def test_a_revoked_token_stays_refused_after_the_fault_is_over(talking):
    await switch(talking, "token_revoked", count=1)

    first, second = await send(talking), await send(talking)

    assert (first.json()["errcode"], second.json()["errcode"]) == (40001, 40001)
    talking.token = ""
    assert (await send(talking)).json()["errcode"] == 0


async def test_a_dropped_connection_leaves_nothing_done(talking):
    await switch(talking, "drop", count=1)

    with pytest.raises(httpx.RemoteProtocolError):
        await send(talking)

    assert shown(talking) == []


async def test_a_lost_answer_hides_that_the_message_was_shown(talking):
    await switch(talking, "lost_answer", count=1)

    with pytest.raises(httpx.RemoteProtocolError):
        await send(talking)

    assert shown(talking) == ["您好"]


async def test_a_slow_answer_outlasts_an_impatient_caller(talking):
    await switch(talking, "slow", seconds=0.5)

    with pytest.raises(httpx.ReadTimeout):
        await talking.http.get("/cgi-bin/getcallbackip", timeout=0.1)


async def test_a_message_struck_by_disorder_comes_after_later_ones(talking):
    await switch(talking, "out_of_order", count=1, seconds=0.1)

    await talking.send_text(OPENID, "第一")
    await talking.send_text(OPENID, "第二")
    await talking.wechat.transcripts.wait_for(
        OPENID, lambda entry: entry.text == "第一", after_seq=0, timeout_seconds=5
    )

    assert shown(talking) == ["第二", "第一"]


async def test_a_fault_may_be_narrowed_to_a_path(talking):
    await switch(talking, "busy", path="/cgi-bin/menu")

    assert (await talking.get("/cgi-bin/menu/get"))["errcode"] == -1
    assert (await send(talking)).json()["errcode"] == 0


async def test_all_faults_are_switched_off_together(talking):
    await switch(talking, "busy")
    await switch(talking, "html")

    await talking.control("faults", reset=True)

    assert (await send(talking)).json()["errcode"] == 0


async def test_an_unknown_fault_is_refused(platform):
    answer = await platform.http.post("/control/faults", json={"faults": [{"name": "flood"}]})

    assert answer.status_code == 422


def test_a_probable_fault_strikes_about_as_often_as_it_says():
    faults = Faults(random=Random(7))  # noqa: S311 - the same luck every time
    faults.switch_on(Fault(FaultName.BUSY, probability=0.3))

    struck = sum(faults.strikes(FaultName.BUSY) is not None for _ in range(1000))

    assert 250 < struck < 350
    assert faults.struck[FaultName.BUSY] == struck
