"""Whatever a stranger or a broken platform sends: no failure of ours, and no row but for a push."""

import asyncio
import gzip
import json
import socket
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from urllib.parse import urlencode, urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis as AsyncRedis
from starlette.requests import Request

from bot.channels import bodies
from bot.channels.base import UnreadablePush
from bot.gateway.waiting import Waiting
from bot.gateway.webhooks import Webhooks
from config.accounts import PushMode
from core.clock import utc_now
from tests.bot.channels.wechat.platform import OPENID, ORIGINAL_ID, a_channel, sealed, signed
from tests.bot.channels.weibo import platform as weibo
from tests.bot.gateway.conftest import Gateway, run_gateway, run_gateway_of

LIMIT = 64 * 1024
_nonce = count(1)

FIELDS: dict[str, object] = {
    "ToUserName": ORIGINAL_ID,
    "FromUserName": OPENID,
    "CreateTime": 1772413200,
    "MsgType": "text",
    "Content": "你好",
    "MsgId": 1,
}


def xml(**changes: object) -> bytes:
    fields = FIELDS | changes
    inside = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in fields.items())
    return f"<xml>{inside}</xml>".encode("utf-8", "surrogatepass")


def as_json(**changes: object) -> bytes:
    return json.dumps(FIELDS | changes).encode()


DOCTYPE = b'<!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'

# Signed by the platform's token, and still no push.
NO_PUSHES = {
    "nothing": b"",
    "blank": b" \n ",
    "no markup": b"hello",
    "another root": b"<html><body/></html>",
    "a root alone": b"<xml/>",
    "an open end": xml()[:-6],
    "two roots": xml() + xml(),
    "deep XML": b"<xml>" + b"<a>" * 9000 + b"</a>" * 9000 + b"</xml>",
    "deep JSON lists": b"[" * 60_000,
    "deep JSON objects": b'{"a":' * 12_000,
    "many siblings": b"<xml>" + b"<a/>" * 16_000 + b"</xml>",
    "many siblings of one name": b"<xml>" + b"<FromUserName/>" * 4000 + b"</xml>",
    "many attributes": b"<xml " + b"".join(b'a%d="1" ' % n for n in range(6000)) + b"/>",
    "an entity": DOCTYPE + xml(Content="&b;"),
    "an entity in use": DOCTYPE + b"<xml><FromUserName>&b;</FromUserName></xml>",
    "an outside entity": b'<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml>&a;</xml>',
    "a stylesheet": b'<?xml-stylesheet href="http://127.0.0.1/"?>' + b"<xml/>",
    "GBK": '<?xml version="1.0" encoding="GBK"?><xml><Content>你好</Content></xml>'.encode("gbk"),
    "UTF-16": xml().decode().encode("utf-16"),
    "broken UTF-8": xml() + b"\xff\xfe\x80",
    "JSON null": b"null",
    "a JSON list": b"[1,2]",
    "a JSON string": b'"xml"',
    "JSON not a number": b'{"CreateTime": NaN}',
    "JSON with a wrong sender": as_json(FromUserName={"a": 1}),
    "JSON with two senders": as_json(FromUserName=[OPENID, OPENID]),
    "JSON true": as_json(FromUserName=True),
    "a sender with a NUL": as_json(FromUserName="o\x00"),
    "a sender that is too long": xml(FromUserName="o" * 65),
    "a sender with a path": xml(FromUserName="../../etc/passwd"),
    "a time that is none": xml(CreateTime="yesterday"),
    "a time after time": xml(CreateTime="9" * 18),
    "a time beyond numbers": xml(CreateTime="9" * 5000),
    "a time before time": xml(CreateTime="-" + "9" * 15),
    "infinite time": as_json(CreateTime=float("inf")),
    "a huge number": b'{"CreateTime": 1' + b"0" * 6000 + b"}",
    "no kind": xml(MsgType=""),
    "gzip": gzip.compress(xml()),
    "a gzip bomb": gzip.compress(bytes(40_000_000)),
}


@pytest.fixture(params=["plain", "compatible", "safe"])
def mode(request) -> PushMode:
    return PushMode(request.param)


@pytest.fixture
def gateway(fresh_core, redis_url, mode) -> Iterator[Gateway]:
    yield from run_gateway(fresh_core, redis_url, mode, clock=utc_now, passive_wait_seconds=0.0)


@pytest.fixture
def weibo_gateway(fresh_core, redis_url) -> Iterator[Gateway]:
    api = weibo.FakeApi()
    channel = weibo.a_channel(api=api, clock=utc_now)
    yield from run_gateway_of(fresh_core, redis_url, channel, api, 0.0)


def now_signed() -> dict[str, str]:
    return signed(at=utc_now(), nonce=str(next(_nonce)))


def weibo_signed() -> dict[str, str]:
    return weibo.signed(at=utc_now(), nonce=str(next(_nonce)))


def is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def test_no_signed_body_that_is_no_push_breaks_anything_or_leaves_a_row(gateway, mode):
    outcomes = {}
    for name, body in NO_PUSHES.items():
        pushes = [] if mode is PushMode.SAFE else [(now_signed(), body)]
        if mode is not PushMode.PLAIN and is_utf8(body):
            pushes.append(sealed(body, at=utc_now()))
        for query, posted in pushes:
            answer = gateway.push(query, posted)
            outcomes[name, len(posted)] = answer.status_code, answer.text[:20]

    told = set(outcomes.values())
    assert told <= {(200, "success"), (413, "")}
    assert gateway.count("messages") == 0
    assert gateway.count("channel_identities") == 0


def test_no_unsigned_body_gets_further_than_its_signature(gateway):
    statuses = {
        gateway.push(now_signed() | {"signature": "0" * 40}, body).status_code
        for body in [xml(), as_json(), *NO_PUSHES.values()]
    }

    assert statuses <= {403, 413, 200}
    assert gateway.count("messages") == 0


def test_no_signed_weibo_body_that_is_no_push_leaves_a_row(weibo_gateway):
    statuses = {weibo_gateway.push(weibo_signed(), body).status_code for body in NO_PUSHES.values()}

    assert statuses <= {200, 403, 413}
    assert weibo_gateway.count("messages") == 0


VALUES = (
    st.text(max_size=40)
    | st.text(st.characters(categories=["Cc", "Cs", "Co", "Cn", "Zs"]), max_size=20)
    | st.integers()
    | st.floats()
    | st.none()
    | st.booleans()
    | st.lists(st.text(max_size=5), max_size=3)
    | st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3)
)
NAMES = st.sampled_from([
    *FIELDS, "Recognition", "MediaId", "PicUrl", "Event", "EventKey", "Ticket", "Label",
    "Location_X", "Title", "Url", "bizmsgmenuid", "type", "text", "data", "created_at",
    "receiver_id", "sender_id",
])  # fmt: skip
KINDS = st.sampled_from(
    ["text", "image", "voice", "video", "location", "link", "event", "nonsense"]
)

PATIENT = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.parametrize("mode", [PushMode.PLAIN])
@PATIENT
@given(kind=KINDS, changes=st.dictionaries(NAMES, VALUES, max_size=4))
def test_whatever_stands_in_the_fields_is_stored_or_left(gateway, kind, changes):
    before = gateway.count("messages")

    posted = as_json(MsgType=kind, MsgId=next(_nonce), **{
        name: value for name, value in changes.items() if name not in {"MsgType", "MsgId"}
    })  # fmt: skip
    answer = gateway.push(now_signed(), posted)

    assert answer.status_code in {200, 403}
    assert gateway.count("messages") - before in {0, 1}


@PATIENT
@given(changes=st.dictionaries(NAMES, VALUES, max_size=4), text=VALUES)
def test_whatever_stands_in_the_fields_of_weibo_is_stored_or_left(weibo_gateway, changes, text):
    before = weibo_gateway.count("messages")
    fields = json.loads(weibo.text_json()) | {"text": text} | changes

    answer = weibo_gateway.push(weibo_signed(), json.dumps(fields).encode())

    assert answer.status_code in {200, 403}
    assert weibo_gateway.count("messages") - before in {0, 1}


@pytest.mark.parametrize("mode", [PushMode.PLAIN])
def test_what_the_store_cannot_hold_is_taken_out_of_what_a_citizen_says(gateway):
    gateway.push(now_signed(), as_json(Content="a\x00b\ud800c\x07d\u2028e"))

    assert gateway.count("messages") == 1
    assert gateway.count("messages WHERE text LIKE 'abcd%e'") == 1


@pytest.mark.parametrize("mode", [PushMode.PLAIN])
@pytest.mark.parametrize(
    "moment", ["0", "-1", "-62135596800", "253402300799", "1e3", "٣", "1772413200.5"]
)
def test_a_time_at_the_edge_of_time_is_stored_or_left(gateway, moment):
    answer = gateway.push(now_signed(), xml(CreateTime=moment))

    assert answer.status_code == 200
    assert gateway.count("messages") in {0, 1}


@pytest.mark.parametrize("mode", [PushMode.PLAIN])
def test_a_body_without_a_length_is_read_no_further_than_a_push_can_reach(gateway):
    sent: list[int] = []

    def endless() -> Iterator[bytes]:
        for _ in range(2000):
            sent.append(1)
            yield b"x" * 8192

    try:
        status = gateway.client.post(
            f"{gateway.url}/webhooks/wechat/town", params=now_signed(), content=endless()
        ).status_code
    except httpx.HTTPError:
        status = 413  # the gateway has hung up on who went on sending

    assert status == 413
    assert gateway.count("messages") == 0


@pytest.mark.parametrize("mode", [PushMode.PLAIN])
@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "nonsense"])
def test_a_compressed_body_is_not_unpacked(gateway, encoding):
    answer = gateway.client.post(
        f"{gateway.url}/webhooks/wechat/town",
        params=now_signed(),
        content=gzip.compress(xml()),
        headers={"Content-Encoding": encoding},
    )

    assert (answer.status_code, answer.text) == (200, "success")
    assert gateway.count("messages") == 0


@pytest.mark.parametrize("mode", [PushMode.PLAIN])
def test_who_hangs_up_amid_the_body_leaves_nothing(gateway):
    place = urlsplit(gateway.url)
    head = (
        f"POST /webhooks/wechat/town?{urlencode(now_signed())} HTTP/1.1\r\n"
        f"Host: {place.netloc}\r\nContent-Length: 5000\r\n\r\n"
    )
    with socket.create_connection((place.hostname, place.port)) as connection:
        connection.sendall(head.encode() + xml())

    assert gateway.push(now_signed(), xml()).status_code == 200
    assert gateway.count("messages") == 1


@pytest.mark.parametrize(
    "body",
    [
        b"<xml>" + b"<a>" * 9000 + b"</a>" * 9000 + b"</xml>",
        b"<xml>" + b"<a/>" * (LIMIT // 4) + b"</xml>",
        b'{"a":[' + b"[]," * (LIMIT // 3) + b"0]}",
        b"<xml " + b"".join(b'a%d="" ' % n for n in range(7000)) + b"/>",
        b"{" + b",".join(b'"%d":""' % n for n in range(6000)) + b"}",
    ],
)
def test_the_largest_body_takes_little_memory_however_it_is_built(body):
    tracemalloc.start()
    try:
        bodies.parse(body)
    except UnreadablePush:
        pass
    finally:
        _, peak_bytes = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert peak_bytes < 40 * 1024 * 1024


def test_who_trickles_a_body_is_not_waited_for(core):
    """The body's first byte has come, the rest never does."""

    async def push() -> int:
        chunks = iter([{"type": "http.request", "body": b"<", "more_body": True}])

        async def receive() -> dict[str, object]:
            try:
                return next(chunks)
            except StopIteration:
                await asyncio.Event().wait()
                raise

        query = urlencode(signed(at=utc_now())).encode()
        scope = {
            "type": "http",
            "method": "POST",
            "query_string": query,
            "headers": [],
            "path_params": {"channel": "wechat", "account": "town"},
        }
        channel = a_channel(clock=utc_now)
        webhooks = Webhooks(
            core,
            {(channel.name, channel.account_name): channel},
            Waiting(AsyncRedis()),
            timedelta(0),
            body_patience=timedelta(milliseconds=1),
        )
        return (await webhooks.receive(Request(scope, receive))).status_code

    assert asyncio.run(push()) == 408
