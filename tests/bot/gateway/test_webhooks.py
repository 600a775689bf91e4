import json
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from config.accounts import PushMode
from core.clock import utc_now
from core.conversations import queries
from tests.bot.channels.wechat.platform import (
    KEY,
    OPENID,
    ORIGINAL_ID,
    TOKEN,
    an_account,
    element,
    opened,
    payload,
    sealed,
    signature,
    signed,
    text_xml,
    vectors,
)
from tests.bot.gateway.conftest import run_gateway


def a_push(content: str, number: int = 1) -> bytes:
    return (
        f"<xml><ToUserName>{ORIGINAL_ID}</ToUserName><FromUserName>{OPENID}</FromUserName>"
        f"<CreateTime>1772413200</CreateTime><MsgType>text</MsgType>"
        f"<Content><![CDATA[{content}]]></Content><MsgId>{number}</MsgId></xml>"
    ).encode()


def now_signed() -> dict[str, str]:
    return signed(at=utc_now())


def echo(gateway):
    def say(message_id: int) -> tuple[str, ...]:
        return (f"答复{message_id}",)

    return say


class TestVerification:
    def test_the_platform_gets_its_echo_back(self, gateway):
        query = now_signed() | {"echostr": "4375120948345356249"}

        response = gateway.client.get(f"{gateway.url}/webhooks/wechat/town", params=query)

        assert (response.status_code, response.text) == (200, "4375120948345356249")

    def test_a_stranger_gets_nothing(self, gateway):
        query = now_signed() | {"echostr": "1", "signature": "0" * 40}

        response = gateway.client.get(f"{gateway.url}/webhooks/wechat/town", params=query)

        assert (response.status_code, response.text) == (403, "")

    @pytest.mark.parametrize("path", ["wechat/nobody", "weibo/town", "telegram/town"])
    def test_an_unknown_account_is_not_found(self, gateway, path):
        response = gateway.client.post(f"{gateway.url}/webhooks/{path}", content=b"<xml/>")

        assert response.status_code == 404


class TestPassiveAnswer:
    def test_the_answer_comes_back_on_the_push_itself(self, gateway):
        with gateway.answering(echo(gateway)):
            response = gateway.push(now_signed(), a_push("身份证丢了"))

        assert element(response.content, "Content") == "答复1"
        assert element(response.content, "ToUserName") == OPENID
        assert element(response.content, "FromUserName") == ORIGINAL_ID
        assert gateway.api.sent == []

    def test_an_answer_that_comes_too_late_goes_through_the_api(self, gateway):
        response = gateway.push(now_signed(), a_push("慢"))
        gateway.answer(1, "来晚了")
        gateway.deliveries.deliver(1)

        assert response.content == b"success"
        assert [text for _, text in gateway.api.sent] == ["来晚了"]

    def test_a_repeated_push_joins_the_wait_of_the_first(self, gateway):
        with ThreadPoolExecutor(2) as platform:
            pushes = [platform.submit(gateway.push, now_signed(), a_push("重复")) for _ in range(2)]
            with gateway.answering(echo(gateway), after=0.3):
                answers = [push.result().content for push in pushes]

        assert gateway.count("messages") == 2
        assert {element(answer, "Content") for answer in answers} == {"答复1"}

    def test_a_push_repeated_after_its_answer_gets_the_same_words(self, gateway):
        with gateway.answering(echo(gateway)):
            gateway.push(now_signed(), a_push("重复"))
        again = gateway.push(now_signed(), a_push("重复"))

        assert element(again.content, "Content") == "答复1"
        assert gateway.count("messages") == 2

    def test_ten_lines_at_once_are_answered_each_on_its_own_push_in_order(self, gateway):
        with ThreadPoolExecutor(10) as platform, gateway.answering(echo(gateway)):
            answers = list(
                platform.map(
                    lambda number: gateway.push(now_signed(), a_push(f"第{number}条", number)),
                    range(10),
                )
            )

        said = {element(answer.content, "Content") for answer in answers}
        assert said == {f"答复{number}" for number in range(1, 20) if f"答复{number}" in said}
        assert len(said) == 10
        assert gateway.api.sent == []

    def test_what_is_too_long_for_one_answer_goes_on_through_the_api(self, gateway):
        long_text = "，".join(f"第{number}项材料" for number in range(30))
        with gateway.answering(lambda _: (long_text,)):
            response = gateway.push(now_signed(), a_push("要什么材料"))
        gateway.deliveries.deliver(1)

        first = element(response.content, "Content")
        rest = "".join(text for _, text in gateway.api.sent)
        assert len(first.encode()) <= 200
        assert (first + rest).replace("\n", "") == long_text

    def test_words_that_would_break_the_envelope_arrive_as_words(self, gateway):
        hostile = "]]></Content><MsgType>news</MsgType> <a href='x'>😀\x08"
        with gateway.answering(lambda _: (hostile,)):
            response = gateway.push(now_signed(), a_push("你好"))

        assert element(response.content, "MsgType") == "text"
        assert "😀" in element(response.content, "Content")

    def test_an_event_that_asks_for_nothing_is_acknowledged_without_a_row(self, gateway):
        response = gateway.push(now_signed(), payload("wechat_menu_page_opened.xml"))

        assert response.content == b"success"
        assert gateway.count("messages") == 0

    def test_without_redis_the_answer_still_comes_back_on_the_push(self, deaf_gateway):
        with deaf_gateway.answering(echo(deaf_gateway)):
            response = deaf_gateway.push(now_signed(), a_push("你好"))

        assert element(response.content, "Content") == "答复1"


class TestSafeMode:
    @pytest.fixture
    def mode(self) -> PushMode:
        return PushMode.SAFE

    def test_an_encrypted_push_gets_an_encrypted_answer(self, gateway):
        query, body = sealed(a_push("保密"), at=utc_now())
        with gateway.answering(echo(gateway)):
            response = gateway.push(query, body)

        assert element(opened(response.content, key=KEY), "Content") == "答复1"

    def test_a_plaintext_body_is_refused_without_a_row(self, gateway):
        response = gateway.push(now_signed(), text_xml())

        assert (response.status_code, response.text) == (403, "")
        assert gateway.count("messages") == 0

    def test_a_key_that_is_not_ours_opens_nothing(self, gateway):
        query, body = sealed(text_xml(), key="x" * 42 + "0", at=utc_now())

        response = gateway.push(query, body)

        assert (response.status_code, response.text) == (403, "")
        assert gateway.count("messages") == 0


class TestRefusals:
    @pytest.mark.parametrize("case", vectors("signatures"), ids=lambda case: case["nonce"])
    def test_a_correctly_signed_push_of_another_day_is_a_replay(self, gateway, case):
        assert signature(case["token"], case["timestamp"], case["nonce"]) == case["signature"]
        timestamp = str(int((utc_now() - timedelta(days=1)).timestamp()))
        query = {
            "timestamp": timestamp,
            "nonce": case["nonce"],
            "signature": signature(TOKEN, timestamp, case["nonce"]),
        }

        response = gateway.push(query, text_xml())

        assert (response.status_code, response.text) == (403, "")
        assert gateway.count("messages") == 0

    def test_a_wrong_signature_is_refused_without_a_row(self, gateway):
        response = gateway.push(now_signed() | {"signature": "f" * 40}, text_xml())

        assert (response.status_code, response.text) == (403, "")
        assert gateway.count("messages") == 0

    def test_an_oversized_body_is_cut_off(self, gateway):
        response = gateway.push(now_signed(), text_xml("长" * 100_000))

        assert (response.status_code, response.text) == (413, "")
        assert gateway.count("messages") == 0

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"not xml",
            b"<xml><unclosed>",
            b"<xml/>",
            "<xml><Content>你好</Content></xml>".encode("gbk"),
            b'<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>',
            b"{",
            b"\x00\x01\x02",
        ],
        ids=["empty", "words", "unclosed", "bare", "gbk", "entity", "json", "binary"],
    )
    def test_a_broken_body_is_acknowledged_and_leaves_no_row(self, gateway, body):
        response = gateway.push(now_signed(), body)

        assert response.status_code in {200, 403}
        assert "Traceback" not in response.text
        assert gateway.count("messages") == 0


class TestPublishedVectors:
    """Examples that WeChat and the authors of its SDKs published, sent to the real webhook."""

    @staticmethod
    def at_its_time(core, redis_url, mode, vector, **account):
        moment = datetime.fromtimestamp(int(vector["timestamp"]), tz=UTC)
        token = vector["token"]
        given = an_account(mode, token=token, **account)
        return contextmanager(run_gateway)(
            core, redis_url, mode, account=given, clock=lambda: moment
        )

    def test_the_example_of_the_verification_call_is_echoed(self, fresh_core, redis_url):
        vector = vectors("signatures")[0]
        with self.at_its_time(fresh_core, redis_url, PushMode.PLAIN, vector) as gateway:
            query = {name: vector[name] for name in ("timestamp", "nonce", "signature", "echostr")}

            response = gateway.client.get(f"{gateway.url}/webhooks/wechat/town", params=query)

        assert response.text == vector["echostr"]

    @pytest.mark.parametrize("vector", vectors("decrypt"), ids=lambda vector: vector["name"])
    def test_an_encrypted_example_is_opened(self, fresh_core, redis_url, vector):
        plain = vector.get("plaintext") or ""
        names = vector.get("expect") or {}
        original_id = names.get("ToUserName") or re.search(
            r'ToUserName(?:"\s*:\s*"|><!\[CDATA\[)(\w+)', plain
        ).group(1)
        opening = self.at_its_time(
            fresh_core,
            redis_url,
            PushMode.SAFE,
            vector,
            app_id=vector["appid"],
            original_id=original_id,
            encoding_aes_key=vector["encoding_aes_key"],
        )
        with opening as gateway, gateway.answering(echo(gateway)):
            query = {
                "timestamp": vector["timestamp"],
                "nonce": vector["nonce"],
                "signature": signature(vector["token"], vector["timestamp"], vector["nonce"]),
                "msg_signature": vector["msg_signature"],
                "encrypt_type": "aes",
            }
            body = f"<xml><ToUserName>x</ToUserName><Encrypt>{vector['encrypt']}</Encrypt></xml>"
            if plain.startswith("{"):
                body = json.dumps({"ToUserName": original_id, "Encrypt": vector["encrypt"]})

            response = gateway.push(query, body.encode())

            is_message = "hello</" in plain or "Content" in names or "[hello]" in plain
            assert response.status_code == 200
            assert gateway.count("messages") == (2 if is_message else 0)


class TestWhatCitizensWrite:
    @pytest.mark.parametrize(
        "words",
        ["长" * 10_000, "👨‍👩‍👧‍👦" * 50, "<b>粗</b> &amp; <script>", "a]]&gt;b"],
        ids=["ten thousand characters", "emoji", "html", "cdata end"],
    )
    def test_any_words_are_stored_and_answered(self, gateway, words):
        with gateway.answering(echo(gateway)):
            response = gateway.push(now_signed(), a_push(words))

        assert element(response.content, "Content") == "答复1"
        with gateway.core.unit_of_work() as uow:
            assert queries.get_message(uow.session, 1).text == words


def test_a_gateway_says_that_it_is_ready_and_what_it_counts(gateway):
    gateway.push(now_signed() | {"signature": "f" * 40}, text_xml())

    assert gateway.client.get(f"{gateway.url}/healthz").text == "ok"
    assert gateway.client.get(f"{gateway.url}/readyz").json()["database"] is True
    counted = gateway.client.get(f"{gateway.url}/metrics").text
    assert (
        'desk_pushes_total{account="town",channel="wechat",outcome="invalid_signature"}' in counted
    )
