"""The pages of a citizen who is known: own cases, adding, urging, rating, linked channels."""

import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from console.app import create_app
from console.citizen.wechat_login import WebLogin
from core import event_log
from core.cases import queries
from core.cases.models import Case
from core.cases.services import accept_case
from core.cases.states import CaseClass, CaseSource
from core.citizens.services import offer_page_link
from core.messaging import ChannelName
from tests.builders import a_case, a_conversation, a_message, an_address, an_operator
from tests.console.browsing import Visitor, words_of
from tests.console.citizen.platform import OPENID, PretendWeChat, come_back
from tests.console.citizen.test_entering import an_account

CONTENT = "人民路路灯坏了三天，晚上看不清路。"
FORM_KEY = re.compile(r'name="form_key" value="([0-9a-f]{32})"')
CODE = re.compile(r"<strong>(\d{4} \d{4})</strong>")


@pytest.fixture
def wechat() -> PretendWeChat:
    return PretendWeChat()


@pytest.fixture
def app(settings, core, redis, wechat) -> Flask:
    given = settings.model_copy(update={"wechat": {"town": an_account()}})
    app = create_app(given, core, redis)
    app.extensions["web_login"] = WebLogin("http://wechat.test", transport=wechat.transport)
    return app


@pytest.fixture
def phone(app, wechat) -> Visitor:
    """A phone on which the citizen has come in by WeChat."""
    visitor = Visitor(app)
    come_back(visitor, wechat.code_for())
    visitor.get("/c/mine")
    return visitor


@pytest.fixture
def number(core) -> str:
    """A case of that citizen which has been accepted."""
    with core.unit_of_work() as uow:
        conversation = a_conversation(uow, address=an_address(account="town", platform_id=OPENID))
        case = a_case(uow, conversation_id=conversation.id, content=CONTENT)
        operator = an_operator(uow)
        accept_case(uow, case.number, operator_id=operator.id, case_class=CaseClass.GENERAL)
        return case.number


def form(visitor: Visitor, **given: str) -> dict[str, str]:
    found = FORM_KEY.search(visitor.get("/c/message").text)
    assert found is not None
    return {"form_key": found[1], "kind": "inquiry", "content": CONTENT} | given


# --- own cases ------------------------------------------------------------------------------


def test_own_cases_are_listed_with_state_and_date(number, phone):
    page = words_of(phone.get("/c/mine"))

    assert number in page
    assert "已受理" in page
    assert "还有 7 个工作日" in page


def test_what_was_said_in_the_chat_can_be_read(number, phone, core):
    with core.unit_of_work() as uow:
        address = an_address(account="town", platform_id=OPENID)
        said = a_message(uow, address=address, text="我昨天来问过")
        other = a_message(uow, text="别人的话")

    assert "我昨天来问过" in words_of(phone.get(f"/c/mine/talks/{said.conversation_id}"))
    assert phone.get(f"/c/mine/talks/{other.conversation_id}").status_code == 422


def test_the_citizen_adds_to_the_case_once(number, phone, core):
    phone.get(f"/c/case/{number}")
    for _ in range(2):
        answer = phone.post(f"/c/case/{number}/addition", {"text": "第二盏也坏了", "key": "same"})

    assert answer.status_code == 303
    assert "第二盏也坏了" in words_of(phone.get(f"/c/case/{number}"))
    with core.unit_of_work() as uow:
        assert [each.text for each in queries.get(uow.session, number).additions] == [
            "第二盏也坏了"
        ]
        assert "InformationAdded" in [
            row.type for row in event_log.history(uow.session, f"case:{number}")
        ]


def test_what_is_too_long_is_refused_and_kept(number, phone):
    phone.get(f"/c/case/{number}")

    refused = phone.post(f"/c/case/{number}/addition", {"text": "长" * 1001})

    assert refused.status_code == 422
    assert "最多 1000 字" in words_of(refused)
    assert "长" * 1001 in refused.text


def test_the_citizen_urges_once_a_day(number, phone):
    phone.get(f"/c/case/{number}")

    assert phone.post(f"/c/case/{number}/urge").status_code == 303
    page = words_of(phone.get(f"/c/case/{number}"))
    assert "今天已经催办" in page
    assert "请明天再试" in words_of(phone.post(f"/c/case/{number}/urge"))


def test_who_only_knows_the_code_neither_adds_nor_urges(number, app, core):
    with core.unit_of_work() as uow:
        code = queries.get(uow.session, number).query_code
    neighbour = Visitor(app)
    neighbour.get("/c/case")
    neighbour.post("/c/case", {"number": number, "code": code})

    page = words_of(neighbour.get(f"/c/case/{number}"))

    assert CONTENT in page
    assert "补充情况" not in page
    assert neighbour.post(f"/c/case/{number}/urge").location.startswith("/c/case?")


# --- leaving a message ----------------------------------------------------------------------


def test_a_message_opens_a_case_of_the_site(app, session):
    visitor = Visitor(app)

    answer = visitor.post("/c/message", form(visitor))
    page = words_of(visitor.get(answer.location))

    case = session.scalars(select(Case)).one()
    assert case.source is CaseSource.WEB
    assert case.acknowledged_at is not None
    assert case.number in page
    assert case.query_code in page
    assert case.number in words_of(visitor.get("/c/mine"))


def test_a_message_of_who_is_known_is_told_of_in_their_chat(number, phone, session):
    answer = phone.post("/c/message", form(phone))

    case = session.scalars(select(Case).where(Case.number != number)).one()
    assert answer.location == f"/c/message/{case.number}"
    assert case.conversation_id is not None


def test_the_same_form_twice_is_one_case(app, session):
    visitor = Visitor(app)
    filled = form(visitor)

    first, second = (visitor.post("/c/message", filled) for _ in range(2))

    assert first.location == second.location
    assert session.scalar(select(func.count(Case.id))) == 1


def test_somebody_elses_form_key_shows_nothing(app):
    visitor, stranger = Visitor(app), Visitor(app)
    filled = form(visitor)
    number = visitor.post("/c/message", filled).location.split("/")[-1]
    stranger.get("/c/message")

    refused = stranger.post("/c/message", filled)

    assert refused.status_code == 409
    assert number not in refused.text


def test_number_and_code_are_shown_to_who_has_left_the_message(app):
    visitor, stranger = Visitor(app), Visitor(app)
    location = visitor.post("/c/message", form(visitor)).location

    assert stranger.get(location).status_code == 302


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"content": ""}, "请填写内容"),
        ({"content": "短"}, "内容太短"),
        ({"kind": "complaint"}, "需要留下电话"),
        ({"phone": "12"}, "电话好像不对"),
    ],
    ids=["empty", "short", "no phone", "wrong phone"],
)
def test_what_is_wrong_is_told_and_nothing_is_lost(app, given, words):
    visitor = Visitor(app)

    refused = visitor.post("/c/message", form(visitor, place="幸福路18号", **given))

    assert refused.status_code == 422
    assert words in words_of(refused)
    assert "幸福路18号" in refused.text


def test_messages_without_end_are_held_back(app):
    visitor = Visitor(app)

    statuses = [visitor.post("/c/message", form(visitor)).status_code for _ in range(4)]

    assert statuses == [303, 303, 303, 429]


# --- linked channels ------------------------------------------------------------------------


@pytest.fixture
def other_phone(app, core) -> Visitor:
    """The same person, come in from Weibo by a link."""
    with core.unit_of_work() as uow:
        address = an_address(channel=ChannelName.WEIBO)
        conversation = a_conversation(uow, address=address)
        a_case(uow, conversation_id=conversation.id, content="微博上反映的事情")
        token = offer_page_link(uow, conversation.identity_id)
    visitor = Visitor(app)
    visitor.get(f"/c/go/{token}")
    visitor.post(f"/c/go/{token}")
    visitor.get("/c/mine")
    return visitor


def code_shown(visitor: Visitor) -> str:
    visitor.get("/c/mine/identities")
    found = CODE.search(visitor.post("/c/mine/identities/code").text)
    assert found is not None
    return found[1]


def test_nothing_is_shared_before_the_citizen_agrees(number, phone, other_phone):
    code = code_shown(phone)
    other_phone.get("/c/mine/identities")

    shown = words_of(other_phone.post("/c/mine/identities/check", {"code": code}))

    assert "1 件办件" in shown
    assert "将会共享" in shown
    assert number not in other_phone.get("/c/mine").text
    other_phone.post("/c/mine/identities/link", {"code": code})
    assert number not in other_phone.get("/c/mine").text


def test_both_see_everything_once_they_agree_and_no_longer_when_they_undo(
    number, phone, other_phone
):
    code = code_shown(phone)
    other_phone.get("/c/mine/identities")

    other_phone.post("/c/mine/identities/link", {"code": code, "agreed": "yes"})

    assert number in other_phone.get("/c/mine").text
    assert "微博上反映的事情" in words_of(phone.get("/c/mine"))
    page = phone.get("/c/mine/identities").text
    own = re.findall(r'name="identity_id" value="(\d+)"', page)
    phone.post("/c/mine/identities/unlink", {"identity_id": own[0]})
    assert number not in other_phone.get("/c/mine").text


def test_a_wrong_code_is_told_and_guessing_is_held_back(phone):
    phone.get("/c/mine/identities")
    answers = [phone.post("/c/mine/identities/check", {"code": f"0000000{n}"}) for n in range(6)]

    assert "不正确或已过期" in words_of(answers[0])
    assert [one.status_code for one in answers] == [422] * 5 + [429]


def test_the_own_code_links_nothing(phone):
    code = code_shown(phone)

    assert "请在另一个渠道输入" in words_of(phone.post("/c/mine/identities/check", {"code": code}))


@pytest.mark.parametrize("step", ["code", "check", "link", "unlink"])
def test_strangers_are_asked_who_they_are(app, step):
    stranger = Visitor(app)
    stranger.get("/c/message")

    answer = stranger.post(f"/c/mine/identities/{step}", {"code": "1", "agreed": "yes"})

    assert (answer.status_code, answer.location) == (303, "/c/mine")
