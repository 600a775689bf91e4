"""An account that may only answer pushes: held pushes, hints, and answers that are fetched."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Timer

import pytest

from bot.gateway.webhooks import LAST_PUSH
from config.accounts import PushMode
from core.channels.services import AccountFacts, register_accounts
from core.clock import utc_now
from core.conversations import queries, services
from core.conversations.states import DeliveryState, DeliveryWay, HeldFor
from core.messaging import ChannelName
from tests.bot.channels.wechat.platform import element, opened, sealed
from tests.bot.gateway.conftest import run_gateway
from tests.bot.gateway.test_webhooks import a_push, now_signed
from tests.builders import an_operator
from tests.people import plain

FETCH = "查看答复"


@pytest.fixture
def gateway(fresh_core, redis_url, mode):
    facts = AccountFacts(
        channel=ChannelName.WECHAT,
        account="town",
        name="清河发布",
        kind="subscription",
        is_verified=False,
        rights=frozenset(),
    )
    with fresh_core.unit_of_work() as uow:
        register_accounts(uow, [facts])
    yield from run_gateway(
        fresh_core, redis_url, mode, text_limit_bytes=600, passive_wait_seconds=0.8
    )


def says(gateway, content, number=1):
    """Push as the platform does: again, if nothing comes; return what the citizen reads."""
    for _ in range(LAST_PUSH):
        answer = gateway.push(now_signed(), a_push(content, number)).content
        if answer != b"success":
            return element(answer, "Content")
    return ""


def asks(gateway, content="身份证丢了", number=1):
    """Push once, without waiting for an answer that is not there yet."""
    return gateway.push(now_signed(), a_push(content, number)).content


def owed(gateway):
    with gateway.core.unit_of_work() as uow:
        return [(d.state, d.held_for) for d in queries.open_deliveries(uow.session, 1)]


def test_an_answer_in_time_comes_on_the_first_push(gateway):
    with gateway.answering(lambda _: ("答复",)):
        assert element(asks(gateway), "Content") == "答复"
    assert gateway.api.sent == []


def test_a_slow_answer_comes_on_a_later_push_of_the_same_message(gateway):
    assert asks(gateway) == b"success"  # nobody is there any more to read it
    with gateway.answering(lambda _: ("来晚了",)):
        assert element(asks(gateway), "Content") == "来晚了"


def test_on_the_last_push_the_citizen_is_told_how_to_fetch_the_answer(gateway):
    hint = says(gateway, "身份证丢了")

    assert "正在为您查询" in hint
    assert "点此查看答复" in plain(hint)
    assert "weixin://bizmsgmenu?msgmenucontent=" in hint


def test_what_came_later_is_held_and_fetched_by_the_tap_without_a_new_question(gateway):
    says(gateway, "身份证丢了")
    gateway.answer(1, "请到派出所补领。")
    gateway.deliveries.deliver(1)
    assert owed(gateway) == [(DeliveryState.HELD, HeldFor.PASSIVE_ONLY)]

    assert says(gateway, FETCH, 2) == "请到派出所补领。"

    assert gateway.unanswered() == []
    assert gateway.api.sent == []
    with gateway.core.unit_of_work() as uow:
        [reply] = queries.replies_to(uow.session, 1)
        assert (reply.delivery.state, reply.delivery.way) == (
            DeliveryState.SENT,
            DeliveryWay.PASSIVE,
        )


def test_a_tap_before_the_answer_is_ready_waits_for_it(gateway):
    says(gateway, "身份证丢了")
    later = Timer(0.2, lambda: gateway.answer(1, "好了"))
    later.start()

    assert says(gateway, FETCH, 2) == "好了"
    later.join()


def test_a_tap_when_nothing_is_owed_is_only_acknowledged(gateway):
    with gateway.answering(lambda _: ("答复",)):
        asks(gateway)

    assert asks(gateway, FETCH, 2) == b"success"


def test_the_next_question_brings_what_is_owed_and_its_own_answer(gateway):
    says(gateway, "问题一")
    gateway.answer(1, "答案一")

    with gateway.answering(lambda _: ("答案二",)):
        assert says(gateway, "问题二", 2) == "答案一\n\n答案二"


def test_several_questions_at_once_are_all_answered_in_order(gateway):
    with ThreadPoolExecutor(3) as phones:
        pushes = [phones.submit(says, gateway, f"问题{number}", number) for number in (1, 2, 3)]
        with gateway.answering(lambda message_id: (f"答案{message_id}",), after=0.4):
            said = [push.result() for push in pushes]

    found = re.findall(r"答案\d", "".join(sorted(said)))
    assert sorted(found) == ["答案1", "答案2", "答案3"]
    assert gateway.api.sent == []


def test_an_operators_reply_waits_for_the_citizen_and_comes_with_the_next_message(gateway):
    with gateway.answering(lambda _: ("答复",)):
        asks(gateway)
    with gateway.core.unit_of_work() as uow:
        operator = an_operator(uow)
        services.take_over(uow, 1, operator_id=operator.id)
        services.say_as_operator(uow, 1, operator_id=operator.id, text="您好，我来帮您查。")
    gateway.deliveries.deliver(1)
    assert {held_for for _, held_for in owed(gateway)} == {HeldFor.PASSIVE_ONLY}

    fetched = says(gateway, "在吗", 2)

    assert fetched.endswith("您好，我来帮您查。")
    assert owed(gateway) == []


def test_what_does_not_fit_comes_in_parts_and_says_how_much_is_left(gateway):
    says(gateway, "问题")
    long = "".join(f"第{number:03d}句话。" for number in range(100))
    gateway.answer(1, long, "最后一条")

    parts, number = [], 2
    while "继续查看" in plain(part := says(gateway, FETCH, number)):
        assert len(part.encode()) <= 600
        assert "（还有 2 条，回复任意文字继续）" in part
        parts.append(part.split("\n\n（还有")[0])
        number += 1

    assert "".join(parts) + part == long + "\n\n最后一条"
    assert len(parts) >= 3


def test_a_repeated_push_gets_the_same_part_again(gateway):
    says(gateway, "问题")
    gateway.answer(1, "".join(f"第{number:03d}句话。" for number in range(100)))
    says(gateway, FETCH, 2)
    second = says(gateway, FETCH, 3)

    assert says(gateway, FETCH, 3) == second


class TestInSafeMode:
    @pytest.fixture
    def mode(self):
        return PushMode.SAFE

    def test_the_hint_is_encrypted_as_every_answer_is(self, gateway):
        for _ in range(LAST_PUSH):
            query, body = sealed(a_push("问题"), at=utc_now())
            answer = gateway.push(query, body).content

        assert "点此查看答复" in plain(element(opened(answer), "Content"))
