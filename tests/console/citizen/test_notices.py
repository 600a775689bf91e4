"""Citizens say whether they want to be told of progress, see what they said, and take it back."""

from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from console.app import create_app
from console.citizen.wechat_login import WebLogin
from core.conversations import queries
from core.conversations.services import record_consent
from core.messaging import ChannelName
from tests.builders import an_address
from tests.console.browsing import Visitor, words_of
from tests.console.citizen.platform import OPENID, PretendWeChat, come_back
from tests.console.citizen.test_entering import an_account

PAGE = "/c/mine/notices"
ONE_TIME = "one-time-template"


@pytest.fixture
def wechat() -> PretendWeChat:
    return PretendWeChat()


@pytest.fixture
def app(settings, core, redis, wechat) -> Flask:
    account = an_account(one_time_template=ONE_TIME)
    app = create_app(settings.model_copy(update={"wechat": {"town": account}}), core, redis)
    app.extensions["web_login"] = WebLogin("http://wechat.test", transport=wechat.transport)
    return app


@pytest.fixture
def phone(app, wechat) -> Visitor:
    visitor = Visitor(app)
    come_back(visitor, wechat.code_for())
    visitor.get("/c/mine")
    return visitor


def uses_left(core) -> int | None:
    with core.unit_of_work() as uow:
        address = an_address(account="town", platform_id=OPENID)
        identity = queries.find_identity(uow.session, address)
        assert identity is not None
        assert identity.channel is ChannelName.WECHAT
        consent = queries.find_consent(uow.session, identity.id, ONE_TIME)
        return consent.uses_left if consent is not None else None


def is_asked(phone: Visitor) -> dict[str, str]:
    """Go to WeChat's page; return what it would send back with a yes."""
    sent_to = urlsplit(phone.press(f"{PAGE}/ask").location)
    asked = {name: values[0] for name, values in parse_qs(sent_to.query).items()}
    assert (sent_to.netloc, sent_to.path) == ("mp.weixin.qq.com", "/mp/subscribemsg")
    assert sent_to.fragment == "wechat_redirect"
    assert asked["redirect_url"].endswith(f"{PAGE}/answered")
    return {
        "openid": OPENID,
        "template_id": asked["template_id"],
        "action": "confirm",
        "scene": asked["scene"],
        "reserved": asked["reserved"],
    }


def answer(phone: Visitor, told: dict[str, str]) -> None:
    phone.get(f"{PAGE}/answered?" + "&".join(f"{name}={told[name]}" for name in told))


def test_a_yes_on_wechats_page_is_good_for_one_notice(phone, core):
    answer(phone, is_asked(phone))

    assert uses_left(core) == 1
    assert "还可以通知 1 次" in words_of(phone.get(PAGE))


def test_the_same_answer_counts_once(phone, core):
    told = is_asked(phone)
    answer(phone, told)
    answer(phone, told)

    assert uses_left(core) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"action": "cancel"},
        {"openid": "oSomebodyElse"},
        {"template_id": "another"},
        {"reserved": "forged"},
    ],
    ids=str,
)
def test_a_no_and_a_forged_answer_grant_nothing(phone, core, changed):
    answer(phone, is_asked(phone) | changed)

    assert uses_left(core) is None


def test_what_was_granted_can_be_taken_back(phone, core):
    answer(phone, is_asked(phone))

    phone.press(f"{PAGE}/stop")

    assert uses_left(core) == 0
    assert "没有订阅通知" in words_of(phone.get(PAGE))


def test_what_was_granted_in_the_chat_is_shown_too(phone, core):
    with core.unit_of_work() as uow:
        address = an_address(account="town", platform_id=OPENID)
        identity = queries.find_identity(uow.session, address)
        assert identity is not None
        record_consent(uow, identity, ONE_TIME, is_granted=True)

    assert "已同意接收通知" in words_of(phone.get(PAGE))


def test_own_cases_lead_to_the_page(phone):
    assert PAGE in phone.get("/c/mine").text


def test_a_stranger_is_asked_who_they_are(app):
    assert Visitor(app).get(PAGE).location.endswith("/c/mine")
