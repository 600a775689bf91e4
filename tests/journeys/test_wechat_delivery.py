"""What citizens send to the WeChat account is understood; what is said to them arrives or waits."""

from collections.abc import Callable, Iterator
from time import monotonic, sleep
from typing import Any

import httpx
import pytest

from config.notices import load_notices
from core.bootstrap import Core, build_core, build_office
from core.channels import services as accounts
from core.conversations import queries, services
from core.conversations.errors import CitizenUnreachable
from core.conversations.models import Delivery, PlatformEvent
from core.conversations.states import DeliveryState, HeldFor
from core.messaging import ChannelAddress, ChannelName, Choice
from core.operators import queries as operators
from tests.people import PATIENCE_SECONDS, Citizen

pytestmark = [pytest.mark.journey, pytest.mark.rasa, pytest.mark.timeout(300)]

SEND = "/cgi-bin/message/custom/send"

# What somebody does, and what the answer on its push says; nothing: it is only acknowledged.
PUSHES = {
    "text": ({"text": "身份证丢了怎么补办"}, "居民身份证法"),
    "image": ({"kind": "image"}, "转人工"),
    "voice": ({"kind": "voice", "recognition": "身份证丢了怎么补办"}, "居民身份证法"),
    "video": ({"kind": "video"}, "转人工"),
    "location": ({"kind": "location"}, "位置"),
    "link": ({"kind": "link", "title": "通知", "url": "https://www.gov.cn/"}, "转人工"),
    "unsupported": ({"kind": "unsupported"}, "转人工"),
    "scan with words": ({"kind": "scan", "scene": "case"}, "登记"),
    "scan for progress": ({"kind": "scan", "scene": "status"}, "您还没有登记过诉求"),
    "scan": ({"kind": "scan", "scene": "hall-3"}, "请直接输入您的问题"),
    "place reported": ({"kind": "report_location"}, None),
}


# The same for what is not said: where it is done, how, and what the answer says.
DEEDS = {
    "follow": ("follow", {}, "欢迎关注"),
    "follow by a code": ("follow", {"scene": "hall-3"}, "欢迎关注"),
    "menu click": ("click", {"key": "HUMAN"}, "人工"),
    "unknown menu click": ("click", {"key": "gone-long-ago"}, "已经更新或停用"),
    "page opened": ("click", {"url": "https://www.gov.cn/"}, None),
    "unfollow": ("unfollow", {}, None),
}


@pytest.fixture(scope="module")
def core(desk) -> Iterator[Core]:
    """The core of the running desk: what is said here its worker delivers."""
    settings = desk.settings
    office = build_office(settings.office_name, settings.office_hours, load_notices())
    core = build_core(
        desk.environment["DATABASE_URL"],
        publish=lambda _event: None,
        office=office,
        data_key=settings.data_key.get_secret_value(),
    )
    yield core
    core.session_factory.kw["bind"].dispose()


class Talk:
    """An operator of the demo speaks with a new citizen."""

    def __init__(self, desk, core: Core) -> None:
        self.desk, self.core = desk, core
        self.citizen = Citizen(desk)
        self.citizen.asks("你好")
        self.address = ChannelAddress(ChannelName.WECHAT, "town", self.citizen.openid)
        with core.unit_of_work() as uow:
            conversation = queries.find_by_address(uow.session, self.address)
            assert conversation is not None
            self.id = conversation.id
            operator = operators.find_by_login_for_change(uow.session, "tianhui")
            assert operator is not None
            self.operator_id = operator.id
            services.take_over(uow, self.id, operator_id=self.operator_id)
        self.citizen.hears("已接入")

    def says(self, *texts: str) -> list[int]:
        ids = []
        for text in texts:
            with self.core.unit_of_work() as uow:
                said = services.say_as_operator(
                    uow, self.id, operator_id=self.operator_id, text=text
                )
                ids.append(said.id)
        return ids

    def becomes(self, message_id: int, is_so: Callable[[Delivery], bool]) -> Delivery:
        deadline = monotonic() + PATIENCE_SECONDS
        while monotonic() < deadline:
            with self.core.unit_of_work() as uow:
                delivery = uow.session.get(Delivery, message_id)
            if delivery is not None and is_so(delivery):
                return delivery
            sleep(0.1)
        raise AssertionError(f"delivery stays {delivery.state} {delivery.error}")

    def control(self, path: str, **body: object) -> dict[str, Any]:
        url = f"{self.desk.url('simulator')}/control/{path}"
        answer = httpx.post(url, json=body, timeout=60, trust_env=False)
        answer.raise_for_status()
        said: dict[str, Any] = answer.json()
        return said

    def refusals(self, code: int) -> int:
        url = f"{self.desk.url('simulator')}/control/calls?limit=500"
        calls = httpx.get(url, trust_env=False).json()["calls"]
        mine = [call for call in calls if call["openid"] == self.citizen.openid]
        return sum(call["errcode"] == code for call in mine)


@pytest.fixture
def talk(desk, core) -> Iterator[Talk]:
    talk = Talk(desk, core)
    yield talk
    talk.control("faults", reset=True)


def is_held(delivery: Delivery) -> bool:
    return delivery.state is DeliveryState.HELD


@pytest.mark.parametrize(("sent", "words"), PUSHES.values(), ids=PUSHES.keys())
def test_every_kind_of_push_is_answered_or_acknowledged(desk, sent, words):
    citizen = Citizen(desk)

    push = citizen._post("say", {"openid": citizen.openid} | sent)

    assert push["outcome"] != "malfunction", push
    if words is None:
        assert push["reply"] is None
    else:
        assert words in citizen.hears(words)


@pytest.mark.parametrize(("deed", "how", "words"), DEEDS.values(), ids=DEEDS.keys())
def test_every_kind_of_deed_is_answered_or_acknowledged(desk, deed, how, words):
    citizen = Citizen(desk)

    push = citizen._post(deed, {"openid": citizen.openid} | how)

    assert push["outcome"] != "malfunction", push
    if words is None:
        assert push["reply"] is None
    else:
        assert words in citizen.hears(words)


def test_a_page_opened_from_the_menu_is_kept_as_a_report(talk):
    talk.control("click", openid=talk.citizen.openid, url="https://www.gov.cn/")

    with talk.core.unit_of_work() as uow:
        identity = queries.get(uow.session, talk.id).identity
        kept = uow.session.query(PlatformEvent).filter_by(identity_id=identity.id).all()
    assert [(event.event, event.payload["page"]) for event in kept] == [
        ("page_opened", "https://www.gov.cn/")
    ]


def test_who_stops_following_cannot_be_written_to_until_they_come_back(talk):
    talk.control("unfollow", openid=talk.citizen.openid)
    with pytest.raises(CitizenUnreachable):
        talk.says("您的材料已备好。")

    talk.citizen.follows()
    talk.says("您的材料已备好。")
    talk.citizen.hears("您的材料已备好。")


def test_after_five_messages_the_sixth_waits_without_asking_the_platform(talk):
    numbers = [f"第{number}条" for number in range(1, 7)]
    for number in numbers[:4]:
        talk.says(number)
        talk.citizen.hears(number)
    [sixth] = talk.says(numbers[5])  # the fifth was the desk's own word at the take-over

    delivery = talk.becomes(sixth, is_held)
    assert delivery.held_for is HeldFor.QUOTA_USED
    assert talk.refusals(45047) == 0

    talk.citizen.says("好的")
    talk.citizen.hears(numbers[5])


def test_the_platforms_45015_holds_the_message_until_the_citizen_writes(talk):
    talk.control("windows/close", openid=talk.citizen.openid)

    [message] = talk.says("您的材料已备好。")

    assert talk.becomes(message, is_held).held_for is HeldFor.WINDOW_CLOSED
    assert talk.refusals(45015) == 1
    talk.citizen.says("在吗")
    talk.citizen.hears("您的材料已备好。")


def test_what_may_have_got_lost_is_sent_again_by_staff_alone(talk):
    talk.control("faults", faults=[{"name": "drop", "count": 1, "path": SEND}])
    [message] = talk.says("请带身份证。")
    talk.becomes(message, lambda delivery: delivery.state is DeliveryState.FAILED)

    with talk.core.unit_of_work() as uow:
        services.send_again(uow, message, operator_id=talk.operator_id)

    talk.citizen.hears("请带身份证。")


def test_a_busy_platform_is_asked_again(talk):
    talk.control("faults", faults=[{"name": "busy", "count": 1, "path": SEND}])

    talk.says("请稍等。")

    talk.citizen.hears("请稍等。")


def test_a_used_up_day_is_waited_for(talk):
    talk.control("faults", faults=[{"name": "daily_quota", "count": 1, "path": SEND}])

    [message] = talk.says("明天再说。")

    waiting = talk.becomes(message, lambda delivery: delivery.error_code == "45009")
    assert (waiting.state, waiting.attempts) == (DeliveryState.PENDING, 0)


def test_an_account_that_loses_its_right_answers_with_the_next_message(talk):
    talk.control("accounts", is_verified=False)
    try:
        [message] = talk.says("您好，我查到了。")
        assert talk.becomes(message, is_held).held_for is HeldFor.PASSIVE_ONLY

        # The push itself brings it: nothing else may.
        push = talk.citizen._post("say", {"openid": talk.citizen.openid, "text": "好的"})

        assert "您好，我查到了。" in push["reply"]["text"]
    finally:
        talk.control("accounts", is_verified=True)
        with talk.core.unit_of_work() as uow:
            accounts.clear_passive_only(uow, ChannelName.WECHAT, "town")


def test_choices_are_a_menu_and_links_where_the_account_takes_none(talk):
    def offer(text: str) -> dict[str, Any]:
        with talk.core.unit_of_work() as uow:
            services.say_as_desk(uow, talk.id, text=text, choices=(Choice("满意", "满意"),))
        talk.citizen.hears(text)
        return next(each for each in talk.citizen.seen() if text in each["text"])

    assert offer("请评价")["kind"] == "msgmenu"

    talk.control("accounts", is_test_account=True)
    try:
        shown = offer("请再评价")
    finally:
        talk.control("accounts", is_test_account=False)
    assert shown["kind"] == "text"
    assert talk.refusals(40200) == 1
