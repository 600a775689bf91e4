from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest

from bot.channels.base import Remedy
from bot.channels.weibo.api_errors import WeiboApiError, refused
from bot.worker.turns import Turns
from config.notices import load_menu_words
from core.clock import utc_now
from core.conversations import queries
from core.conversations.states import DeliveryState, DeliveryWay
from tests.bot.channels.wechat.platform import payload
from tests.bot.channels.weibo.platform import (
    BY_COMMENT,
    CITIZEN,
    CITIZEN_ID,
    PUBLISHED,
    REAL_IP,
    STATUS,
    FakeApi,
    a_channel,
    an_account,
    answered,
    signed,
    text_json,
)
from tests.bot.gateway.conftest import Gateway, run_gateway_of

PATIENCE = timedelta(seconds=12)


@pytest.fixture
def account() -> dict[str, Any]:
    """What the test wants of the account."""
    return {}


@pytest.fixture
def moment() -> datetime | None:
    """When the platform and the gateway think it is; None: now."""
    return None


@pytest.fixture
def gateway(fresh_core, redis_url, account, moment) -> Iterator[Gateway]:
    api = FakeApi()
    clock = (lambda: moment) if moment else utc_now
    channel = a_channel(
        account=an_account(**account), api=api, clock=clock, text_limit_characters=100
    )
    yield from run_gateway_of(fresh_core, redis_url, channel, api)


@pytest.fixture
def turns(gateway, dialogue) -> Turns:
    return Turns(gateway.core, dialogue, load_menu_words(), PATIENCE)


def now_signed(nonce: str = "57155157") -> dict[str, str]:
    return signed(at=utc_now(), nonce=nonce)


def echo(message_id: int) -> tuple[str, ...]:
    return (f"答复{message_id}",)


def deliveries_of(gateway: Gateway) -> list[tuple[DeliveryState, DeliveryWay | None]]:
    with gateway.core.unit_of_work() as uow:
        conversation = queries.find_by_address(uow.session, CITIZEN)
        assert conversation is not None
        thread = queries.thread(uow.session, conversation.id)
        return [(line.delivery.state, line.delivery.way) for line in thread if line.delivery]


class TestVerification:
    def test_the_platform_gets_its_echo_back(self, gateway):
        response = gateway.verify(now_signed() | {"echostr": "dnPdpTZz85"})

        assert (response.status_code, response.text) == (200, "dnPdpTZz85")

    def test_a_stranger_gets_nothing(self, gateway):
        response = gateway.verify(now_signed() | {"echostr": "1", "signature": "0" * 40})

        assert (response.status_code, response.text) == (403, "")

    class TestAsPublished:
        @pytest.fixture
        def account(self):
            return {"app_secret": PUBLISHED["verification"]["app_secret"]}

        @pytest.fixture
        def moment(self):
            return datetime.fromtimestamp(
                int(PUBLISHED["verification"]["timestamp"]) / 1000, tz=UTC
            )

        def test_the_example_of_the_verification_call_is_echoed(self, gateway):
            names = ("timestamp", "nonce", "signature", "echostr")
            call = {name: PUBLISHED["verification"][name] for name in names}

            assert gateway.verify(call).text == "dnPdpTZz85"


class TestPassiveAnswer:
    def test_the_answer_comes_back_on_the_push_itself(self, gateway):
        with gateway.answering(echo):
            response = gateway.push(now_signed(), text_json())

        assert answered(response.content) == "答复1"
        assert response.headers["content-type"] == "application/json; charset=utf-8"
        assert gateway.api.sent == []
        assert deliveries_of(gateway) == [(DeliveryState.SENT, DeliveryWay.PASSIVE)]

    def test_a_push_in_wechats_form_is_answered_in_it(self, gateway):
        with gateway.answering(echo):
            response = gateway.push(now_signed(), payload("weibo_text.xml"))

        answer = ElementTree.fromstring(response.content)  # noqa: S314 - our own
        assert (answer.findtext("Content"), answer.findtext("ToUserName")) == ("答复1", CITIZEN_ID)

    def test_an_answer_that_comes_too_late_goes_through_the_api(self, gateway):
        response = gateway.push(now_signed(), text_json("慢"))
        gateway.answer(1, "来晚了")
        gateway.deliveries.deliver(1)

        assert response.content == b""
        assert gateway.api.sent == [(CITIZEN_ID, "来晚了")]

    @pytest.mark.parametrize("nonces", [("1", "1"), ("1", "2")], ids=["same", "new"])
    def test_a_repeated_push_gets_the_same_words_whether_or_not_it_is_signed_anew(
        self, gateway, nonces
    ):
        queries_by_nonce = {nonce: now_signed(nonce) for nonce in nonces}
        with gateway.answering(echo):
            answers = [gateway.push(queries_by_nonce[nonce], text_json()) for nonce in nonces]

        assert [answered(answer.content) for answer in answers] == ["答复1", "答复1"]
        assert gateway.count("messages") == 2

    def test_two_messages_of_one_second_are_both_answered(self, gateway):
        with ThreadPoolExecutor(2) as platform, gateway.answering(echo):
            pushes = [
                platform.submit(gateway.push, now_signed(text), text_json(f"第{text}句"))
                for text in ("1", "2")
            ]
            answers = [push.result() for push in pushes]

        assert len({answered(answer.content) for answer in answers}) == 2
        assert gateway.count("messages") == 4

    def test_what_is_too_long_for_one_answer_goes_on_through_the_api(self, gateway):
        long_text = "，".join(f"第{number}项材料" for number in range(40))
        with gateway.answering(lambda _: (long_text,)):
            response = gateway.push(now_signed(), text_json("要什么材料"))
        gateway.deliveries.deliver(1)

        first = answered(response.content)
        rest = [text for _, text in gateway.api.sent]
        assert all(len(part) <= 100 for part in [first, *rest])
        assert "".join([first, *rest]) == long_text

    @pytest.mark.parametrize(
        "name", ["weibo_view.json", "weibo_unsubscribe.json", "weibo_unknown_type.json"]
    )
    def test_what_asks_for_nothing_is_acknowledged_without_a_row(self, gateway, name):
        response = gateway.push(now_signed(), payload(name))

        assert (response.status_code, response.content) == (200, b"")
        assert gateway.count("messages") == 0

    def test_who_leaves_gets_no_answer(self, gateway):
        response = gateway.push(now_signed(), payload("weibo_unfollow.json"))

        with gateway.core.unit_of_work() as uow:
            identity = queries.find_identity(uow.session, CITIZEN)
            assert identity is not None
            assert identity.left_at is not None
        assert response.content == b""


class TestRefusals:
    @pytest.mark.parametrize(
        ("query", "body", "status"),
        [
            ({"signature": "f" * 40}, text_json(), 403),
            ({}, text_json(receiver_id=1), 403),
            ({}, text_json("长" * 100_000), 413),
        ],
        ids=["a wrong signature", "another account", "an oversized body"],
    )
    def test_what_is_not_for_us_is_refused_without_a_row(self, gateway, query, body, status):
        response = gateway.push(now_signed() | query, body)

        assert (response.status_code, response.text) == (status, "")
        assert gateway.count("messages") == 0

    def test_a_push_of_another_hour_is_a_replay(self, gateway):
        response = gateway.push(signed(at=utc_now() - timedelta(hours=1)), text_json())

        assert response.status_code == 403

    def test_a_signature_that_was_overheard_carries_no_other_message(self, gateway):
        query = now_signed()
        with gateway.answering(echo):
            gateway.push(query, text_json("真话"))
        response = gateway.push(query, text_json("假话"))

        assert (response.status_code, response.text) == (403, "")
        assert gateway.count("messages") == 2

    @pytest.mark.parametrize(
        "body",
        [b"", b"words", b"{", b"{}", b"<xml/>", b"\x00\x01", "你好".encode("gbk")],
        ids=range(7),
    )
    def test_a_broken_body_is_acknowledged_and_leaves_no_row(self, gateway, body):
        response = gateway.push(now_signed(), body)

        assert (response.status_code, response.content) == (200, b"")
        assert gateway.count("messages") == 0


class TestMentions:
    @pytest.fixture
    def answering_by_turns(self, gateway, turns) -> None:
        """Let the worker's own turn answer, as in life."""

        def answer(message_id: int, *_texts: str) -> None:
            turns.answer(message_id, is_retry=False)

        gateway.answer = answer

    def test_a_mention_is_answered_by_the_one_message_it_grants(self, gateway, answering_by_turns):
        with gateway.answering(echo):
            response = gateway.push(now_signed(), payload("weibo_mention_status.json"))

        assert "私信" in answered(response.content)
        assert (gateway.api.sent, gateway.api.comments) == ([], [])

    def test_a_late_answer_to_a_mention_goes_through_the_api(self, gateway, turns):
        gateway.push(now_signed(), payload("weibo_mention_comment.json"))
        turns.answer(1, is_retry=False)
        gateway.deliveries.deliver(1)

        [(receiver, text)] = gateway.api.sent
        assert receiver == CITIZEN_ID
        assert "私信" in text

    def test_what_the_platform_grants_no_more_waits_for_the_citizen(self, gateway, turns):
        gateway.push(now_signed(), payload("weibo_mention_status.json"))
        turns.answer(1, is_retry=False)
        gateway.api.refusals = [refused(29999, "48小时内只能回复1次")]
        gateway.deliveries.deliver(1)

        assert deliveries_of(gateway) == [(DeliveryState.HELD, None)]

    class TestByComment:
        @pytest.fixture
        def account(self):
            return dict(BY_COMMENT)

        def test_the_answer_is_one_comment_below_the_post(self, gateway, answering_by_turns):
            with gateway.answering(echo):
                response = gateway.push(now_signed(), payload("weibo_mention_status.json"))
            gateway.deliveries.deliver(1)
            gateway.deliveries.deliver(1)

            [(status_id, text, real_ip)] = gateway.api.comments
            assert (response.content, gateway.api.sent) == (b"", [])
            assert (status_id, real_ip) == (STATUS.id, REAL_IP)
            assert "私信" in text
            assert deliveries_of(gateway) == [(DeliveryState.SENT, DeliveryWay.API)]

        def test_what_is_said_in_private_meanwhile_stays_private(self, gateway, turns):
            gateway.push(now_signed("1"), payload("weibo_mention_status.json"))
            turns.answer(1, is_retry=False)
            with gateway.answering(lambda _: ("您的工单已受理",)):
                response = gateway.push(now_signed("2"), text_json("我的工单呢"))
            gateway.deliveries.deliver(1)

            assert response.content == b""
            assert len(gateway.api.comments) == 1
            assert gateway.api.sent == [(CITIZEN_ID, "您的工单已受理")]

        def test_a_comment_that_says_what_was_said_before_is_left_to_people(self, gateway, turns):
            gateway.push(now_signed(), payload("weibo_mention_status.json"))
            turns.answer(1, is_retry=False)
            gateway.api.refusals = [refused(20019, "Repeat content")]
            gateway.deliveries.deliver(1)

            assert deliveries_of(gateway) == [(DeliveryState.FAILED, None)]


def test_without_a_token_late_answers_wait_for_the_citizens_next_message(gateway):
    gateway.push(now_signed(), text_json())
    gateway.answer(1, "来晚了")
    gateway.api.refusals = [WeiboApiError("没有设置 access_token", remedy=Remedy.PASSIVE_ONLY)]
    gateway.deliveries.deliver(1)

    assert deliveries_of(gateway) == [(DeliveryState.HELD, None)]
