"""Accounts of every kind on one desk: what reaches the citizen when little may be sent, and how.

A case is answered when no message may go out any more; an account may only answer pushes.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from config.notices import load_notices
from core.bootstrap import build_core, build_office
from core.conversations.states import DeliveryState, DeliveryWay, HeldFor
from launch.supervisor import Desk
from tests.journeys.accounts import SUBSCRIPTION, Follower, Office, desk_of_every_kind

pytestmark = [pytest.mark.journey, pytest.mark.rasa, pytest.mark.timeout(300)]

ANSWER = "您反映的滨河公园路灯问题已经核实，已列入下月的改造计划，完工后会在公园门口公示。"
HINT = "您的问题已收到，正在为您查询"


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with (
        TemporaryDirectory(prefix="desk-kinds-", ignore_cleanup_errors=True) as folder,
        desk_of_every_kind(Path(folder)) as running,
    ):
        yield running


@pytest.fixture(scope="module")
def office(desk: Desk) -> Iterator[Office]:
    settings = desk.settings
    office = build_office(
        settings.office_name,
        settings.office_hours,
        load_notices(),
        public_url=settings.public_url,
    )
    core = build_core(
        desk.environment["DATABASE_URL"],
        publish=lambda _event: None,
        office=office,
        data_key=settings.data_key.get_secret_value(),
    )
    yield Office(core)
    core.session_factory.kw["bind"].dispose()


def agree(citizen: Follower, **changed: object) -> None:
    citizen.control("consent", template_id=SUBSCRIPTION["id"], **changed)


def two_days_pass(citizen: Follower) -> None:
    citizen.control("windows/close")


def a_case_about_to_be_answered(citizen: Follower, office: Office) -> str:
    number = citizen.opens_a_case()
    office.handles(number, reply=ANSWER)
    citizen.hears("正在办理")
    return number


def notices(citizen: Follower) -> list[dict[str, Any]]:
    return [each for each in citizen.seen() if each["kind"] in {"template", "subscription"}]


def test_who_agreed_gets_a_subscription_notice_of_the_answer(desk, office):
    citizen = Follower(desk, account="both")
    number = a_case_about_to_be_answered(citizen, office)
    agree(citizen)
    two_days_pass(citizen)

    office.answers(number)

    arrived = office.sees_last(citizen, lambda delivery: delivery.state is DeliveryState.SENT)
    assert arrived.way is DeliveryWay.SUBSCRIPTION_NOTICE
    last = notices(citizen)[-1]
    assert (last["kind"], number in last["text"]) == ("subscription", True)
    assert ANSWER not in " ".join(citizen.heard())


def test_who_never_agreed_gets_a_template_message(desk, office):
    citizen = Follower(desk, account="both")
    number = a_case_about_to_be_answered(citizen, office)
    two_days_pass(citizen)

    office.answers(number)

    arrived = office.sees_last(citizen, lambda delivery: delivery.state is DeliveryState.SENT)
    assert arrived.way is DeliveryWay.TEMPLATE_MESSAGE
    last = notices(citizen)[-1]
    assert last["kind"] == "template"
    assert f"number={number}" in last["details"]["url"]


def test_without_a_template_the_answer_comes_with_the_next_message(desk, office):
    citizen = Follower(desk, account="none")
    number = a_case_about_to_be_answered(citizen, office)
    two_days_pass(citizen)

    office.answers(number)
    held = office.sees_last(citizen, lambda delivery: delivery.state is DeliveryState.HELD)
    assert held.held_for is HeldFor.WINDOW_CLOSED
    assert notices(citizen) == []

    citizen.says("在吗")
    citizen.hears(ANSWER)


def test_who_blocks_notices_gets_the_answer_with_the_next_message(desk, office):
    citizen = Follower(desk, account="both")
    number = a_case_about_to_be_answered(citizen, office)
    two_days_pass(citizen)
    citizen.control("consent", blocks=True)

    office.answers(number)

    held = office.sees_last(citizen, lambda each: each.held_for is HeldFor.NOTICE_REFUSED)
    assert (held.state, held.error) == (DeliveryState.HELD, "failed:user block")
    citizen.says("在吗")
    citizen.hears(ANSWER)


def test_a_consent_taken_back_unseen_is_found_out_and_shown_to_staff(desk, office):
    citizen = Follower(desk, account="asks")
    number = a_case_about_to_be_answered(citizen, office)
    agree(citizen)
    # The platform forgets the consent, and the push that says so never arrives.
    citizen.control("consent", template_id=SUBSCRIPTION["id"], accepts=False, tells=False)
    two_days_pass(citizen)

    office.answers(number)

    held = office.sees_last(citizen, lambda delivery: delivery.error_code == "43101")
    assert held.state is DeliveryState.HELD
    assert 43101 in citizen.sends_of_the_desk("bizsend")
    citizen.says("在吗")
    citizen.hears(ANSWER)


# --- an account that may only answer pushes ---------------------------------------------------


@pytest.fixture
def plain(desk):
    return Follower(desk, account="plain")


@contextmanager
def nobody_works(desk: Desk) -> Iterator[None]:
    """Hold the worker still: what is asked now is answered later."""
    pid = desk.pid("worker")
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def is_for_the_next_push(delivery) -> bool:
    return delivery.state is DeliveryState.HELD and delivery.held_for is HeldFor.PASSIVE_ONLY


def test_a_slow_answer_is_announced_on_the_third_push_and_fetched_by_the_next(desk, plain):
    with nobody_works(desk):
        push = plain.pushes("身份证丢了怎么补办")

    assert push["outcome"] != "malfunction"
    assert HINT in push["reply"]["text"]
    fetched = plain.pushes("查看答复")
    assert "居民身份证法" in fetched["reply"]["text"]
    assert plain.sends_of_the_desk("custom") == []


def test_what_an_operator_says_waits_for_the_next_push(desk, office, plain):
    plain.asks("你好")
    office.takes_over(plain)
    office.says(plain, "您的材料已备好。")
    office.sees_last(plain, is_for_the_next_push)

    push = plain.pushes("好的")

    assert "您的材料已备好。" in push["reply"]["text"]
    assert plain.sends_of_the_desk("custom") == []


def test_a_long_story_comes_in_portions_that_say_what_is_left(office, plain):
    plain.asks("你好")
    office.takes_over(plain)
    plain.pushes("请说")
    for letter in "甲乙丙":
        office.says(plain, letter * 500)
    office.sees_last(plain, is_for_the_next_push)

    portions = [plain.pushes("继续")["reply"]["text"] for _ in range(3)]

    assert [portion[0] for portion in portions] == ["甲", "乙", "丙"]
    assert "还有 2 条" in portions[0]
    assert "还有 1 条" in portions[1]
    assert "还有" not in portions[2]


def test_two_messages_at_once_are_both_answered_once(plain):
    plain.writes_at_once(["身份证丢了怎么补办", "结婚登记需要带什么材料"])
    plain.pushes("查看答复")

    heard = "\n".join(plain.heard())
    assert heard.count("居民身份证法") == 1
    assert heard.count("婚姻登记条例") == 1
