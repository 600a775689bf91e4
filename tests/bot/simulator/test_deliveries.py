"""The five-second cut, repeated deliveries, and what counts as an answer."""

import asyncio

import pytest
from starlette.responses import Response
from wechatpy.utils import check_signature

from bot.simulator import payloads
from bot.simulator.faults import Fault, FaultName
from bot.simulator.options import Options
from bot.simulator.transcripts import Via
from bot.simulator.verdicts import Outcome
from bot.simulator.wechat import SimulatedWeChat
from tests.bot.simulator.conftest import OPENID
from tests.bot.simulator.gateway import FakeGateway
from tests.bot.simulator.serving import free_port, serving

pytestmark = pytest.mark.anyio

HELD = 0.5  # longer than the platform of these tests waits


async def test_a_slow_answer_is_asked_for_three_times_with_the_same_bytes(wechat, gateway, account):
    gateway.holds_seconds = [HELD]

    push = await wechat.say(OPENID, "你好")

    assert [delivery.outcome for delivery in push.deliveries] == ["cut"] * 3
    assert len({received.body for received in gateway.received}) == 1
    assert len({received.query["nonce"] for received in gateway.received}) == 3
    for received in gateway.received:
        query = received.query
        check_signature(account.token, query["signature"], query["timestamp"], query["nonce"])


async def test_no_answer_at_all_shows_the_malfunction_notice(wechat, gateway):
    gateway.holds_seconds = [HELD]

    push = await wechat.say(OPENID, "你好")

    assert (push.verdict.outcome, push.verdict.reason) == (Outcome.MALFUNCTION, "no_answer")
    notice = wechat.transcripts.of(OPENID)[-1]
    assert (notice.via, notice.text) == (Via.NOTICE, "该公众号提供的服务出现故障，请稍后再试")


async def test_an_answer_to_the_third_delivery_is_still_shown_once(wechat, gateway):
    gateway.holds_seconds = [HELD, HELD, 0.0]
    gateway.replies("第三次才想好")

    push = await wechat.say(OPENID, "你好")

    assert [delivery.outcome for delivery in push.deliveries] == ["cut", "cut", "answered"]
    answers = [entry for entry in wechat.transcripts.of(OPENID) if entry.is_answer]
    assert [(e.via, e.text, e.push_id) for e in answers] == [(Via.PASSIVE, "第三次才想好", push.id)]


async def test_a_gateway_that_comes_back_gets_the_next_delivery(wechat):
    port, gateway = free_port(), FakeGateway()
    gateway.replies("我回来了")
    wechat.account().push_url = f"http://127.0.0.1:{port}/webhooks/wechat/town"

    push = wechat.send_later(OPENID, payloads.text("在吗"))
    while not (push.deliveries and push.deliveries[0].outcome == "unreachable"):
        await wechat.transcripts.wait_for(
            OPENID, lambda _entry: False, after_seq=0, timeout_seconds=0.01
        )
    async with serving(gateway.app, port=port):
        answer = await wechat.transcripts.wait_for(
            OPENID, lambda entry: entry.is_answer, after_seq=0, timeout_seconds=5
        )

    assert answer is not None
    assert answer.text == "我回来了"


@pytest.mark.parametrize(
    "broken",
    [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nsucc", b"220 smtp.example.com\r\n\r\n"],
)
async def test_a_connection_that_breaks_is_tried_again(wechat, broken):
    async def break_off(_reader, writer):
        writer.write(broken)
        writer.close()

    server = await asyncio.start_server(break_off, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    wechat.account().push_url = f"http://127.0.0.1:{port}/"

    async with server:
        push = await wechat.say(OPENID, "你好")

    assert [delivery.outcome for delivery in push.deliveries] == ["unreachable"] * 3
    assert push.verdict.reason == "no_answer"


@pytest.mark.parametrize("body", [b"", b"success"])
async def test_an_empty_body_or_success_ends_the_exchange_in_silence(wechat, gateway, body):
    gateway.answer = lambda _received: body

    push = await wechat.say(OPENID, "你好")

    assert push.verdict.outcome is Outcome.SILENT
    assert len(push.deliveries) == 1
    assert [entry.via for entry in wechat.transcripts.of(OPENID)] == [Via.PUSH]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Response(b"", status_code=500), "status_500"),
        (Response(b"success", status_code=201), "status_201"),
        (b'"success"', "not_xml"),
        (b"SUCCESS", "not_xml"),
        (b'{"errcode":0}', "not_xml"),
        (b"<html></html>", "not_xml"),
        (b"<xml><Content>a", "not_xml"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><xml><Content>&a;</Content></xml>', "not_xml"),
        (b"<xml/>", "not_swapped"),
    ],
)
async def test_an_abnormal_answer_is_a_malfunction_at_once(wechat, gateway, answer, reason):
    gateway.answer = lambda _received: answer

    push = await wechat.say(OPENID, "你好")

    assert (push.verdict.outcome, push.verdict.reason) == (Outcome.MALFUNCTION, reason)
    assert len(push.deliveries) == 1
    assert wechat.transcripts.of(OPENID)[-1].via is Via.NOTICE


async def test_a_server_that_fails_on_leaving_does_not_disturb_anybody(wechat, gateway):
    gateway.answer = lambda _received: Response(status_code=500)

    await wechat.send(OPENID, payloads.unsubscribe())

    assert [entry.via for entry in wechat.transcripts.of(OPENID)] == [Via.PUSH]


async def test_a_push_that_is_held_up_is_overtaken_by_the_next(wechat, gateway):
    wechat.faults.switch_on(Fault(FaultName.LATE_PUSH, count=1, seconds=0.1))

    await asyncio.gather(wechat.say(OPENID, "先说的"), wechat.say(OPENID, "后说的"))

    said = [received.fields["Content"] for received in gateway.received]
    assert said == ["后说的", "先说的"]


async def test_a_duplicated_push_is_delivered_again_and_its_answer_ignored(wechat, gateway):
    wechat.faults.switch_on(Fault(FaultName.DUPLICATE_PUSH, count=1))
    gateway.replies("只回一次")

    await wechat.say(OPENID, "你好")
    await wechat.say(OPENID, "再见")

    bodies = [received.body for received in gateway.received]
    assert len(bodies) == 3
    assert bodies[0] == bodies[1] != bodies[2]
    shown = [entry.text for entry in wechat.transcripts.of(OPENID) if entry.is_answer]
    assert shown == ["只回一次", "只回一次"]


async def test_clashing_ids_give_two_citizens_the_same_message_id(wechat, gateway):
    other = wechat.add_citizen().openid
    wechat.faults.switch_on(Fault(FaultName.CLASHING_IDS))

    await wechat.say(OPENID, "你好")
    await wechat.say(other, "你好")

    first, second = (received.fields for received in gateway.received)
    assert first["MsgId"] == second["MsgId"]
    assert first["FromUserName"] != second["FromUserName"]


async def test_the_count_and_the_length_of_deliveries_are_options(gateway, account, clock):
    gateway.holds_seconds = [HELD]
    options = Options(push_deliveries=1, push_cut_seconds=0.05)

    async with SimulatedWeChat([account], options=options, clock=clock) as hasty:
        push = await hasty.say(OPENID, "你好")

    assert [delivery.outcome for delivery in push.deliveries] == ["cut"]
