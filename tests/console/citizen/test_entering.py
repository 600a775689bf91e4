"""Citizens come in by WeChat's web login and by links; nobody else does."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import func, select

from config.accounts import AccountKind, PushMode, WeChatAccount
from config.settings import Settings
from console.app import create_app
from console.citizen.entering import own_page
from console.citizen.wechat_login import WebLogin
from core.citizens.services import offer_page_link
from core.conversations.models import ChannelIdentity
from core.messaging import ChannelName
from tests.builders import a_case, a_conversation, an_address
from tests.console.browsing import Visitor, words_of
from tests.console.citizen.platform import OPENID, PretendWeChat, come_back, state_in


def an_account(**given: object) -> WeChatAccount:
    facts: dict[str, object] = {
        "name": "清河县政务服务",
        "app_id": "wx123",
        "app_secret": SecretStr("the-app-secret"),
        "original_id": "gh_1",
        "token": SecretStr("token"),
        "mode": PushMode.PLAIN,
    }
    return WeChatAccount.model_validate(facts | given)


@pytest.fixture
def wechat() -> PretendWeChat:
    return PretendWeChat()


@pytest.fixture
def app(settings: Settings, core, redis, wechat: PretendWeChat) -> Flask:
    accounts = {
        "town": an_account(domain_file="MP_verify_abcd1234.txt"),
        "news": an_account(kind=AccountKind.SUBSCRIPTION, name="清河发布"),
    }
    app = create_app(settings.model_copy(update={"wechat": accounts}), core, redis)
    app.extensions["web_login"] = WebLogin("http://wechat.test", transport=wechat.transport)
    return app


@pytest.fixture
def phone(app: Flask) -> Visitor:
    return Visitor(app)


def own_case(core, openid: str = OPENID) -> str:
    with core.unit_of_work() as uow:
        conversation = a_conversation(uow, address=an_address(account="town", platform_id=openid))
        return a_case(uow, conversation_id=conversation.id, content="我家门口的路灯不亮").number


def a_link(core, openid: str = OPENID) -> str:
    with core.unit_of_work() as uow:
        identity = a_conversation(
            uow, address=an_address(channel=ChannelName.WEIBO, platform_id=openid)
        ).identity
        return f"/c/go/{offer_page_link(uow, identity.id)}"


# --- WeChat ---------------------------------------------------------------------------------


def test_the_browser_is_sent_to_wechat_with_a_state_of_its_own(phone: Visitor):
    first, second = phone.get("/c/enter/town"), phone.get("/c/enter/town")

    address = urlsplit(first.location)
    query = parse_qs(address.query)
    assert address.netloc == "open.weixin.qq.com"
    assert address.fragment == "wechat_redirect"
    assert query["scope"] == ["snsapi_base"]
    assert query["redirect_uri"] == ["http://127.0.0.1:8000/c/entered/town"]
    assert re.fullmatch(r"[a-zA-Z0-9]{1,128}", state_in(first))
    assert state_in(first) != state_in(second)


def test_who_is_named_sees_the_own_cases_at_an_address_without_the_code(phone, core, wechat):
    number = own_case(core)

    answer = come_back(phone, wechat.code_for())

    assert (answer.status_code, answer.location) == (303, "/c/mine")
    assert number in words_of(phone.get("/c/mine"))
    assert "我家门口的路灯不亮" in words_of(phone.get(f"/c/case/{number}"))


def test_who_has_never_written_becomes_a_citizen_without_a_conversation(phone, wechat, session):
    come_back(phone, wechat.code_for())

    assert "还没有办件" in words_of(phone.get("/c/mine"))
    assert session.scalar(select(func.count(ChannelIdentity.id))) == 1


def test_cases_of_others_stay_closed(phone, core, wechat):
    strange = own_case(core, "oSomebodyElse000000000000001")
    come_back(phone, wechat.code_for())

    assert strange not in phone.get("/c/mine").text
    assert phone.get(f"/c/case/{strange}").status_code == 302
    phone.get("/c/mine")
    assert phone.post(f"/c/case/{strange}/urge").location.startswith("/c/case?")
    assert phone.post(f"/c/case/{strange}/addition", {"text": "改"}).location.startswith("/c/case?")


def test_a_used_code_is_no_error_but_another_round(phone, wechat):
    code = wechat.code_for()
    come_back(phone, code)

    again = come_back(phone, code)

    assert urlsplit(again.location).path == "/c/enter/town"
    assert come_back(phone, wechat.code_for()).location == "/c/mine"


def test_a_shared_address_with_a_code_asks_who_opens_it(app, phone, wechat):
    sent = phone.get("/c/enter/town")
    shared = f"/c/entered/town?code={wechat.code_for()}&state={state_in(sent)}"
    friend = Visitor(app)

    answer = friend.get(shared)

    assert urlsplit(answer.location).path == "/c/enter/town"
    assert wechat.asked == 0
    assert "请选择您办理时使用的渠道" in words_of(friend.get("/c/mine"))


@pytest.mark.parametrize("state", ["", "forged", "0" * 40, "州" * 5])
def test_a_forged_state_signs_nobody_in(phone, wechat, state):
    phone.get("/c/enter/town")

    answer = phone.get(f"/c/entered/town?code={wechat.code_for()}&state={state}")

    assert urlsplit(answer.location).path == "/c/enter/town"
    assert wechat.asked == 0


def test_a_state_is_good_for_one_return(phone, wechat):
    state = state_in(phone.get("/c/enter/town"))
    phone.get(f"/c/entered/town?code={wechat.code_for()}&state={state}")

    answer = phone.get(f"/c/entered/town?code={wechat.code_for()}&state={state}")

    assert urlsplit(answer.location).path == "/c/enter/town"


def test_a_browser_without_cookies_does_not_go_round_for_ever(app):
    address, rounds = "/c/enter/town", 0
    while rounds < 10:
        stranger = Visitor(app)
        answer = stranger.get(address)
        if answer.status_code != 302:
            break
        forgetful = Visitor(app)
        address = forgetful.get(
            f"/c/entered/town?code=x&state={state_in(answer)}&again={rounds}"
        ).location
        rounds += 1

    assert rounds == 3
    assert "允许浏览器使用 Cookie" in words_of(answer)


def test_codes_that_are_never_good_end_the_rounds(phone, wechat):
    address = "/c/enter/town"
    for _ in range(3):
        state = state_in(phone.get(address))
        address = phone.get(f"/c/entered/town?code=never-good&state={state}").location

    assert phone.get(address).status_code == 409


def test_a_snapshot_of_the_page_names_nobody(phone, wechat):
    wechat.extra = {"is_snapshotuser": 1}

    refused = come_back(phone, wechat.code_for())

    assert refused.status_code == 403
    assert "快照" in words_of(refused)
    assert phone.get("/c/mine").status_code == 200
    assert "请选择您办理时使用的渠道" in words_of(phone.get("/c/mine"))


def failing() -> httpx.Response:
    raise httpx.ConnectTimeout("no answer from secret=the-app-secret")


@pytest.mark.parametrize(
    "trouble",
    [
        failing,
        lambda: httpx.Response(502, text="<html>Bad Gateway</html>"),
        lambda: httpx.Response(200, text="<html></html>"),
        lambda: httpx.Response(200, json=["no", "object"]),
        lambda: httpx.Response(200, json={"errcode": -1, "errmsg": "system error"}),
    ],
    ids=["time-out", "bad gateway", "no JSON", "no object", "busy"],
)
def test_one_bad_answer_is_asked_again_and_two_are_told(phone, wechat, trouble):
    wechat.troubles = [trouble]
    assert come_back(phone, wechat.code_for()).location == "/c/mine"

    wechat.troubles = [trouble, trouble]
    away = come_back(phone, wechat.code_for())
    assert away.status_code == 503
    assert "微信暂时没有响应" in words_of(away)


@pytest.mark.parametrize("said", [{"errcode": 40125}, {}, {"openid": ""}, {"openid": "o" * 65}])
def test_what_is_no_name_lets_nobody_in(phone, wechat, said):
    wechat.troubles = [lambda: httpx.Response(200, json=said)]

    assert come_back(phone, wechat.code_for()).status_code == 403


def test_no_log_holds_the_secret(phone, wechat, caplog):
    wechat.troubles = [failing, failing]
    caplog.set_level("INFO", logger="console")

    come_back(phone, wechat.code_for())

    assert "did not say who it is" in caplog.text
    assert "the-app-secret" not in caplog.text


@pytest.mark.parametrize("account", ["news", "nobody"])
def test_accounts_without_the_right_have_no_such_entrance(phone, account):
    assert phone.get(f"/c/enter/{account}").status_code == 404
    assert phone.get(f"/c/entered/{account}?code=x&state=y").status_code == 404


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example", "//evil.example", "/c//evil.example", "/\\evil.example", "/desk/",
     "/c/../desk", "/c/\tmine", "javascript:alert(1)", "", None],
)  # fmt: skip
def test_nobody_is_led_elsewhere(wanted):
    assert own_page(wanted) == "/c/mine"


def test_the_page_that_was_wanted_is_shown_after_entering(phone, wechat):
    answer = come_back(phone, wechat.code_for(), next_page="/c/mine/identities")

    assert answer.location == "/c/mine/identities"


def test_the_menu_leads_to_the_message_form_by_way_of_wechat(phone, wechat):
    sent = phone.get(phone.get("/c/message?account=town").location)
    back = f"/c/entered/town?code={wechat.code_for()}&state={state_in(sent)}"

    assert phone.get(back).location == "/c/message"
    assert phone.get("/c/message?account=town").status_code == 200


@pytest.mark.parametrize("account", ["news", "nowhere", "%2F%2Fevil.example"])
def test_without_the_right_the_message_form_is_shown_at_once(phone, account):
    assert phone.get(f"/c/message?account={account}").status_code == 200


def test_entering_replaces_whoever_was_here(phone, core, wechat):
    earlier = own_case(core)
    come_back(phone, wechat.code_for())
    with phone.client.session_transaction() as before:
        token = before["csrf_token"]

    come_back(phone, wechat.code_for("oSomebodyElse000000000000001"))

    assert earlier not in phone.get("/c/mine").text
    with phone.client.session_transaction() as after:
        assert after["csrf_token"] != token


def test_who_leaves_is_out_in_every_browser(app, phone, core, wechat):
    number = own_case(core)
    come_back(phone, wechat.code_for())
    elsewhere = Visitor(app)
    elsewhere.use_cookie(phone.cookie)
    assert number in elsewhere.get("/c/mine").text
    phone.get("/c/mine")

    phone.post("/c/mine/leave")

    assert number not in phone.get("/c/mine").text
    assert number not in elsewhere.get("/c/mine").text


def test_a_session_ends_after_two_hours(phone, core, wechat, clock):
    number = own_case(core)
    come_back(phone, wechat.code_for())
    clock.advance(timedelta(hours=2))

    assert number not in phone.get("/c/mine").text
    assert "登录已结束" in words_of(phone.get("/c/mine"))


# --- links from the chat --------------------------------------------------------------------


def test_looking_at_a_link_does_not_use_it_up(app, core, phone):
    link = a_link(core)
    Visitor(app).get(link)  # what chats do to show a preview

    phone.get(link)
    opened = phone.post(link)

    assert (opened.status_code, opened.location) == (303, "/c/mine")


def test_a_link_opens_again_in_the_same_browser_only(app, core, phone):
    link, friend = a_link(core), Visitor(app)
    phone.get(link)
    phone.post(link)
    phone.get(link)
    friend.get(link)

    assert phone.post(link).status_code == 303
    refused = friend.post(link)
    assert refused.status_code == 410
    assert "发给您新的链接" in words_of(refused)


def test_a_link_needs_the_form_of_the_page(core, app):
    link = a_link(core)

    assert Visitor(app).post(link).status_code == 400


def test_an_invented_link_lets_nobody_in(phone):
    phone.get("/c/go/invented")

    assert phone.post("/c/go/invented").status_code == 410


def test_the_domain_is_proved_for_our_accounts_and_no_other(phone):
    proof = phone.get("/MP_verify_abcd1234.txt")

    assert (proof.text, proof.mimetype) == ("abcd1234", "text/plain")
    assert phone.get("/MP_verify_somebody5.txt").status_code == 404
