"""Weibo's API: who may be written to, how often, and how it refuses."""

import json

import pytest

from bot.simulator.faults import Fault, FaultName
from bot.simulator.transcripts import Via
from config.accounts import PushFormat
from tests.bot.simulator.weibo.platform import REPLY, UID, code_of, json_reply

pytestmark = pytest.mark.anyio

MENU = {"button": [{"type": "click", "name": "提问", "key": "ASK"}]}


@pytest.fixture(autouse=True)
def silent_gateway(gateway):
    gateway.answer = lambda _received: b""


async def test_who_has_written_can_be_written_to(by_http):
    await by_http.control("say", openid=UID, text="你好")

    assert [await by_http.send_text(f"第 {n} 条") for n in range(7)] == [0] * 7
    entries = [e for e in by_http.weibo.transcripts.of(UID) if e.via is Via.API]
    assert entries[-1].text == "第 6 条"


@pytest.mark.parametrize(
    ("gesture", "facts"),
    [
        ("say", {"text": "你好"}),
        ("follow", {}),
        ("subscribe", {"keyword": "DY"}),
        ("click", {"key": "ASK"}),
        ("say", {"kind": "scan"}),
    ],
)
async def test_each_of_these_lets_the_account_write_for_48_hours(by_http, clock, gesture, facts):
    assert await by_http.send_text("早了") == 20310

    await by_http.control(gesture, openid=UID, **facts)

    clock.move(hours=47.9)
    assert await by_http.send_text("还来得及") == 0
    clock.move(hours=0.2)
    assert await by_http.send_text("晚了") == 20310


async def test_a_mention_may_be_answered_once_within_48_hours(by_http, clock):
    for _ in range(2):
        await by_http.control("mention", openid=UID, text="路灯坏了")
    codes = [await by_http.send_text(f"{n}") for n in range(3)]
    await by_http.control("mention", openid=UID, text="还没修")
    clock.move(hours=49)

    assert codes == [0, 0, 20311]
    assert await by_http.send_text("晚了") == 20310


async def test_an_answer_on_the_push_is_the_one_answer_to_the_mention(by_http, gateway):
    gateway.answer = lambda received: json_reply(received, {"text": "请私信我们"})

    await by_http.control("mention", openid=UID, text="路灯坏了")

    assert await by_http.send_text("再说一句") == 20311


async def test_who_has_left_cannot_be_written_to(by_http):
    await by_http.control("say", openid=UID, text="你好")
    await by_http.control("unfollow", openid=UID)

    assert await by_http.send_text("请留步") == 20301


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"receiver_id": ""}, 10016),
        ({"receiver_id": "99"}, 20003),
        ({"type": "video"}, 10008),
        ({"data": "%7B%22text%22%3A%22a%22%7D"}, 10017),
        ({"data": '{"text":""}'}, 20008),
        ({"data": json.dumps({"text": "好" * 300})}, 20013),
        ({"save_sender_box": "2"}, 10017),
    ],
)
async def test_a_malformed_message_is_refused_with_4xx(by_http, changed, code):
    await by_http.control("say", openid=UID, text="你好")
    form = {"receiver_id": UID, "type": "text", "data": '{"text":"您好"}'} | changed

    assert code_of(await by_http.post(REPLY, **form)) == code


@pytest.mark.parametrize(("token", "code"), [("", 10006), ("2.00another", 21332)])
async def test_a_token_is_asked_for(by_http, token, code):
    assert code_of(await by_http.get("/2/statuses/mentions.json", token=token)) == code


async def test_an_expired_token_is_refused_until_people_renew_it(by_http):
    await by_http.control("accounts", token_is_expired=True)
    assert code_of(await by_http.get("/2/statuses/mentions.json")) == 21327

    await by_http.control("accounts", token_is_expired=False)
    assert code_of(await by_http.get("/2/statuses/mentions.json")) == 0


async def test_a_token_has_a_hundred_calls_a_day(by_http, clock):
    codes = [code_of(await by_http.get("/2/comments/to_me.json")) for _ in range(101)]
    assert codes == [0] * 100 + [10023]
    assert (await by_http.told("accounts"))["accounts"][0]["calls_left"] == 0

    clock.move(hours=24)
    assert code_of(await by_http.get("/2/comments/to_me.json")) == 0
    await by_http.control("budget")
    assert (await by_http.told("accounts"))["accounts"][0]["calls_today"] == 0


@pytest.mark.parametrize(
    ("fault", "code"),
    [(FaultName.BUSY, 10001), (FaultName.DAILY_QUOTA, 10023), (FaultName.TOKEN_REVOKED, 21327)],
)
async def test_misfortunes_have_weibos_codes(by_http, fault, code):
    by_http.weibo.faults.switch_on(Fault(fault, count=1))

    assert code_of(await by_http.get("/2/comments/to_me.json")) == code
    assert code_of(await by_http.get("/2/comments/to_me.json")) == 0


async def test_a_web_page_may_come_in_place_of_an_answer(by_http):
    by_http.weibo.faults.switch_on(Fault(FaultName.HTML, count=1))
    by_http.weibo.faults.switch_on(Fault(FaultName.SERVER_ERROR, count=2))

    statuses = [(await by_http.get("/2/comments/to_me.json")).status_code for _ in range(3)]

    assert statuses == [502, 503, 200]


async def test_a_lost_answer_has_taken_effect(by_http):
    await by_http.control("say", openid=UID, text="你好")
    by_http.weibo.faults.switch_on(Fault(FaultName.LOST_ANSWER, count=1))

    with pytest.raises(Exception, match=r"(?i)peer closed|incomplete"):
        await by_http.send_text("您好")

    assert by_http.weibo.transcripts.of(UID)[-1].text == "您好"


async def test_the_menu_is_made_shown_and_taken_away(by_http):
    path = "/2/messages/menu"
    assert code_of(await by_http.post(f"{path}/create.json", menus=json.dumps(MENU))) == 0
    assert (await by_http.get(f"{path}/show.json")).json() == {"menu": MENU}
    assert code_of(await by_http.post(f"{path}/delete.json")) == 0
    assert (await by_http.get(f"{path}/show.json")).json() == {"menu": {"button": []}}


@pytest.mark.parametrize("menus", ["", "no", '{"button": []}'])
async def test_a_menu_against_the_rules_is_refused(by_http, menus):
    answer = await by_http.post("/2/messages/menu/create.json", menus=menus)

    assert code_of(answer) in {10016, 10017}


async def test_the_form_of_pushes_is_chosen_by_the_api(by_http):
    assert code_of(await by_http.post("/2/eps/push/set_format.json", format="xml")) == 0
    assert by_http.weibo.account().push_format is PushFormat.XML
    assert code_of(await by_http.post("/2/eps/push/set_format.json", format="yaml")) == 10017


async def test_a_picture_is_fetched_by_the_id_for_the_receiver(by_http):
    push = await by_http.control("say", openid=UID, kind="image")
    body = json.loads((await by_http.told(f"pushes/{push['push_id']}"))["body"])

    for_receiver = await by_http.get("/2/mss/msget", fid=body["data"]["tovfid"])
    for_sender = await by_http.get("/2/mss/msget", fid=body["data"]["vfid"])

    assert for_receiver.content.startswith(b"\x89PNG")
    assert code_of(for_sender) == 10017


async def test_an_address_that_there_is_not_is_refused(by_http):
    assert code_of(await by_http.get("/2/users/show.json")) == 10020
    assert code_of(await by_http.get(REPLY)) == 10021
