"""Coming in and going out through the real door."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from redis import Redis

from config.settings import Settings
from console.app import create_app
from core.bootstrap import Core
from core.operators import queries
from core.operators.models import Operator
from core.operators.permissions import Role
from tests.builders import PASSWORD
from tests.console.browsing import Visitor, words_of
from tests.console.conftest import SignInAs
from tests.fakes import FakeClock


def is_signed_in(visitor: Visitor) -> bool:
    return visitor.get("/").status_code == 200


def test_the_right_password_opens_the_console(visitor: Visitor, operator: Operator):
    answer = visitor.sign_in(operator.login)

    assert (answer.status_code, answer.location) == (302, "/")
    assert "王芳，您好" in words_of(visitor.get("/"))


@pytest.mark.parametrize(("login", "password"), [("", ""), ("nobody", PASSWORD)])
def test_an_unknown_login_is_refused(visitor: Visitor, login: str, password: str):
    answer = visitor.sign_in(login, password)

    assert answer.status_code == 401
    assert "用户名或密码不正确" in words_of(answer)
    assert not is_signed_in(visitor)


def test_a_wrong_password_reads_the_same_as_an_unknown_login(visitor: Visitor, operator: Operator):
    answer = visitor.sign_in(operator.login, "wrong password")

    assert answer.status_code == 401
    assert "用户名或密码不正确" in words_of(answer)
    assert "wrong password" not in answer.text


def test_the_fifth_wrong_password_locks_the_login_even_for_the_right_one(
    visitor: Visitor, operator: Operator, clock: FakeClock
):
    for _ in range(5):
        answer = visitor.sign_in(operator.login, "wrong password")
    assert "账号已暂时锁定，请 15 分钟后再试" in words_of(answer)

    assert visitor.sign_in(operator.login).status_code == 401
    clock.advance(timedelta(minutes=16))
    assert visitor.sign_in(operator.login).status_code == 302


def test_a_page_asked_for_before_signing_in_is_opened_afterwards(
    visitor: Visitor, operator: Operator
):
    answer = visitor.get("/desk/?recent_state=bot")
    sign_in_page = answer.location

    visitor.get(sign_in_page)
    answer = visitor.post(sign_in_page, {"login": operator.login, "password": PASSWORD})

    assert answer.location == "/desk/?recent_state=bot"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_signing_in_never_leads_to_another_site(visitor: Visitor, operator: Operator, target: str):
    visitor.get("/sign-in")

    answer = visitor.post(
        f"/sign-in?next={target}", {"login": operator.login, "password": PASSWORD}
    )

    assert answer.location == "/"


def test_a_fragment_without_a_session_leads_the_whole_page_to_sign_in(visitor: Visitor):
    answer = visitor.get_fragment(
        "/desk/lists", **{"HX-Current-URL": "http://localhost/desk/7?recent_state=bot"}
    )

    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/desk/7?recent_state%3Dbot"


def test_the_session_is_a_new_one_after_signing_in(visitor: Visitor, operator: Operator):
    visitor.get("/sign-in")
    before = visitor.cookie

    visitor.sign_in(operator.login)

    assert before
    assert visitor.cookie != before


def test_the_token_from_before_signing_in_is_worth_nothing_after_it(
    visitor: Visitor, operator: Operator
):
    visitor.get("/sign-in")
    old_token = visitor._token
    visitor.sign_in(operator.login)

    answer = visitor.post("/sign-out", {"csrf_token": old_token})

    assert answer.status_code == 400


def test_signing_out_ends_the_session_on_every_device(app: Flask, operator: Operator):
    office, phone = Visitor(app), Visitor(app)
    office.sign_in(operator.login)
    phone.sign_in(operator.login)

    answer = office.post("/sign-out")

    assert answer.location == "/sign-in"
    assert not is_signed_in(office)
    assert not is_signed_in(phone)


def test_a_copied_cookie_is_worth_nothing_after_signing_out(seat: Visitor):
    copied = seat.cookie
    seat.post("/sign-out")

    seat.use_cookie(copied)

    assert not is_signed_in(seat)


def test_a_forged_cookie_is_worth_nothing(seat: Visitor):
    seat.use_cookie(seat.cookie[:-3] + "abc")

    assert not is_signed_in(seat)


def test_a_session_ends_when_nobody_uses_it(seat: Visitor, clock: FakeClock, settings: Settings):
    clock.advance(timedelta(minutes=settings.session_idle_minutes - 1))
    assert is_signed_in(seat)
    clock.advance(timedelta(minutes=settings.session_idle_minutes - 1))
    assert is_signed_in(seat)

    clock.advance(timedelta(minutes=settings.session_idle_minutes + 1))

    assert not is_signed_in(seat)


def test_live_refreshes_do_not_keep_a_session_alive(
    seat: Visitor, clock: FakeClock, settings: Settings
):
    clock.advance(timedelta(minutes=settings.session_idle_minutes - 1))
    assert seat.get_fragment("/desk/lists", **{"X-Background": "1"}).status_code == 200

    clock.advance(timedelta(minutes=2))

    assert not is_signed_in(seat)


def test_a_session_ends_after_its_longest_time_however_busy(
    seat: Visitor, clock: FakeClock, settings: Settings
):
    for _ in range(settings.session_hours):
        assert is_signed_in(seat)
        clock.advance(timedelta(hours=1))
    clock.advance(timedelta(minutes=1))

    assert not is_signed_in(seat)


def test_an_operator_who_was_deactivated_is_out_at_once(
    seat: Visitor, operator: Operator, core: Core
):
    with core.unit_of_work() as uow:
        queries.get_for_change(uow.session, operator.id).is_active = False

    assert not is_signed_in(seat)


def test_the_cookie_is_kept_from_scripts_and_other_sites(
    settings: Settings, core: Core, redis: "Redis"
):
    app = create_app(settings.model_copy(update={"secure_cookies": True}), core, redis)
    answer = app.test_client().get("/sign-in", base_url="https://localhost")

    cookie = answer.headers["Set-Cookie"]

    assert cookie.startswith("__Host-desk=")
    assert "Secure" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_going_on_duty_and_off_is_remembered(seat: Visitor, operator: Operator, core: Core):
    def is_on_duty() -> bool:
        with core.unit_of_work() as uow:
            return queries.get(uow.session, operator.id).is_on_duty

    assert seat.post("/duty", {"is_on_duty": "yes", "next": "/desk/"}).location == "/desk/"
    assert is_on_duty()

    seat.post("/duty", {"is_on_duty": "no"})
    assert not is_on_duty()


def test_signing_out_ends_duty(seat: Visitor, operator: Operator, core: Core):
    seat.post("/duty", {"is_on_duty": "yes"})

    seat.post("/sign-out")

    with core.unit_of_work() as uow:
        assert not queries.get(uow.session, operator.id).is_on_duty


def test_one_address_may_not_try_too_often(
    settings: Settings, core: Core, redis: "Redis", operator: Operator
):
    app = create_app(settings.model_copy(update={"sign_ins_per_minute": 3}), core, redis)
    guesser, colleague = Visitor(app), Visitor(app, address="192.0.2.2")

    answers = [guesser.sign_in(f"guess{n}", "x").status_code for n in range(4)]

    assert answers == [401, 401, 401, 429]
    assert colleague.sign_in(operator.login).status_code == 302


def test_the_limit_holds_while_redis_is_down(settings: Settings, core: Core):
    nowhere = Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=0.2)
    app = create_app(settings.model_copy(update={"sign_ins_per_minute": 2}), core, nowhere)
    guesser = Visitor(app)

    answers = [guesser.sign_in(f"guess{n}", "x").status_code for n in range(3)]

    assert answers == [401, 401, 429]


def test_the_menu_shows_what_the_role_may_open(
    sign_in_as: SignInAs, person: Callable[..., Operator]
):
    operator, handler = sign_in_as(Role.OPERATOR), sign_in_as(Role.HANDLER)

    assert 'href="/desk/"' in operator.get("/").text
    assert 'href="/desk/"' not in handler.get("/").text
    assert 'href="/organisation/"' not in handler.get("/").text
