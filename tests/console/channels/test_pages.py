"""What staff see of the office's accounts."""

from datetime import timedelta

import pytest

from console import wording
from core.bootstrap import Core
from core.channels.services import (
    note_calls,
    note_delivery,
    note_error,
    note_push,
    note_refused_push,
    note_token,
    raise_alarm,
    register_accounts,
    set_passive_only,
)
from core.channels.states import AlarmCode
from core.messaging import ChannelName
from core.operators.permissions import Role
from tests.console.browsing import Visitor, words_of
from tests.console.channels.conftest import TOWN
from tests.console.conftest import SignInAs
from tests.fakes import FakeClock

PAGE = "/channels/wechat/town"


def test_every_account_stands_in_the_table_with_its_kind(admin: Visitor):
    read = words_of(admin.get("/channels/"))

    assert "清河发布 订阅号 · town" in read
    assert "清河政务 服务号 · county" in read
    assert "清河微博 微博粉丝服务 · town" in read
    assert read.count("尚未收到推送") == 3


def test_traffic_is_told_account_by_account(admin: Visitor, core: Core, clock: FakeClock):
    with core.unit_of_work() as uow:
        note_push(uow, *TOWN, count=41)
        note_delivery(uow, *TOWN, count=40)
        note_refused_push(uow, *TOWN, "stale_push", count=3)
        note_token(uow, *TOWN, obtained_at=uow.now, expires_at=uow.now + timedelta(hours=2))
    clock.advance(timedelta(minutes=5))

    read = words_of(admin.get("/channels/"))

    assert "正常 收 5分钟前 发 5分钟前 41 / 40 3 / 0 剩余 1小时55分 0 / 0 未指定" in read


def test_an_empty_registry_says_how_accounts_get_there(admin: Visitor, core: Core):
    with core.unit_of_work() as uow:
        register_accounts(uow, [])

    read = words_of(admin.get("/channels/"))

    assert "还没有登记任何账号" in read
    assert "已停用的账号（3）" in read


def test_an_alarm_tells_what_it_is_why_and_what_to_do(admin: Visitor, core: Core):
    with core.unit_of_work() as uow:
        for _ in range(2):
            raise_alarm(uow, *TOWN, AlarmCode.ADDRESS_NOT_ALLOWED, "服务器 IP：203.0.113.7")

    read = words_of(admin.get("/channels/"))

    assert "服务器 IP 不在白名单 清河发布" in read
    assert "· 2 次，最近" in read
    assert "服务器 IP：203.0.113.7" in read
    assert wording.channels()["alarms"]["address_not_allowed"] in read
    assert "1 项告警" in read


def test_the_menu_counts_open_alarms(admin: Visitor, core: Core):
    assert 'data-badge="channels" data-count="0"' in admin.get("/channels/").text
    with core.unit_of_work() as uow:
        raise_alarm(uow, *TOWN, AlarmCode.SILENCE, "…")

    assert 'data-badge="channels" data-count="1"' in admin.get("/menu").text


def test_the_account_tells_its_rights_and_what_lacking_one_means(admin: Visitor):
    read = words_of(admin.get(PAGE))

    assert "没有：市民打开办件页面须凭工单号和查询码" in read
    assert "没有：只能在市民来信的当时回复" not in read
    assert "明文模式 建议改为安全模式" in read


def test_the_address_for_the_platform_is_ready_to_be_copied(admin: Visitor):
    page = admin.get(PAGE)

    assert 'id="webhook">http://127.0.0.1:8000/webhooks/wechat/town</code>' in page.text
    assert 'data-copies="webhook"' in page.text


def test_the_account_tells_its_last_error_its_calls_and_refused_pushes(admin: Visitor, core: Core):
    with core.unit_of_work() as uow:
        note_error(uow, *TOWN, "45009", "45009 接口调用超过每日限额")
        note_refused_push(uow, *TOWN, "invalid_signature", count=7)
        note_calls(uow, *TOWN, "menu/create", count=900)
        note_calls(uow, *TOWN, "some/new/call", count=2)

    read = words_of(admin.get(f"{PAGE}/state"))

    assert "45009 接口调用超过每日限额" in read
    assert "签名不符 7" in read
    assert "发布菜单 900 1,000 90%" in read
    assert "some/new/call 2 —" in read


def test_the_calls_of_a_weibo_token_are_summed_up_against_the_days_limit(
    admin: Visitor, core: Core
):
    with core.unit_of_work() as uow:
        note_calls(uow, ChannelName.WEIBO, "town", "reads", count=40)
        note_calls(uow, ChannelName.WEIBO, "town", "messages/reply", count=300)
        note_calls(uow, ChannelName.WEIBO, "town", "comments/create", count=5)

    assert "开放接口合计 45 100 45%" in words_of(admin.get("/channels/weibo/town"))


def test_two_weeks_are_drawn_day_by_day(sign_in_as: SignInAs, core: Core, clock: FakeClock):
    with core.unit_of_work() as uow:
        note_push(uow, *TOWN, count=30)
    clock.advance(timedelta(days=1))
    with core.unit_of_work() as uow:
        note_push(uow, *TOWN, count=15)

    page = sign_in_as(Role.SYSTEM_ADMIN).get(PAGE).text

    assert page.count('class="history-day"') == 14
    assert "2026-03-02：收到 30，发出 0，拒收与出错 0" in page
    assert 'class="is-in" x="3" y="0" width="8" height="60"' in page
    assert 'class="is-in" x="3" y="30" width="8" height="30"' in page


def test_an_account_that_may_only_answer_says_so_and_why(admin: Visitor, core: Core):
    with core.unit_of_work() as uow:
        set_passive_only(uow, *TOWN, reason="48001 账号没有此接口权限")

    read = words_of(admin.get(PAGE))

    assert "仅能被动回复" in read
    assert "48001 账号没有此接口权限" in read


def test_what_failed_is_shown_to_an_administrator_without_its_words(admin: Visitor, undelivered):
    undelivered()

    read = words_of(admin.get(PAGE))

    assert "失败 1 条" in read
    assert "智能助手的消息，13 字" in read
    assert "接口已被封禁" in read
    assert "请带身份证" not in read
    assert "没有发送失败的消息" in words_of(admin.get("/channels/wechat/county"))


def test_who_may_read_conversations_reads_what_failed(sign_in_as: SignInAs, undelivered):
    answer = undelivered()
    supervisor = sign_in_as(Role.SUPERVISOR)

    page = supervisor.get(PAGE)

    assert "请带身份证到服务大厅办理。" in words_of(page)
    assert f"/desk/{answer.conversation_id}" in page.text
    assert "重发" not in page.text


@pytest.mark.parametrize("path", ["/channels/nothing/town", "/channels/wechat/nowhere"])
def test_an_account_that_is_not_there_is_not_found(admin: Visitor, path: str):
    assert admin.get(path).status_code == 404


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.HANDLER, Role.EDITOR])
def test_who_has_nothing_to_do_with_accounts_sees_none(sign_in_as: SignInAs, role: Role):
    visitor = sign_in_as(role)

    assert visitor.get("/channels/").status_code == 403
    assert "menu-channels" not in visitor.get("/menu").text


def test_nothing_that_can_be_wrong_is_without_a_word_of_advice():
    words = wording.channels()

    assert set(words["alarms"]) == set(AlarmCode)
