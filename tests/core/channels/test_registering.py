"""The registry follows the settings; what is gone there is retired, and nothing is forgotten."""

from datetime import timedelta

import pytest

from core.channels import queries
from core.channels.errors import AccountNotFound
from core.channels.services import (
    AccountFacts,
    assign_owner,
    clear_passive_only,
    note_push,
    register_accounts,
    set_passive_only,
)
from core.departments.errors import DepartmentNotFound
from core.messaging import ChannelName
from tests.builders import a_department

WECHAT, WEIBO = ChannelName.WECHAT, ChannelName.WEIBO


def facts(account="town", channel=WECHAT, **given):
    defaults = {"name": "清河发布", "kind": "service", "rights": frozenset({"web_login", "media"})}
    return AccountFacts(channel=channel, account=account, **defaults | given)


def names(accounts):
    return [(one.channel, one.account) for one in accounts]


def types_of(announced):
    return [type(event).__name__ for event in announced]


def test_an_account_of_the_settings_is_known_with_its_rights(uow):
    register_accounts(uow, [facts(mode="safe", platform_id="gh_1", is_verified=False)])

    account = queries.get(uow.session, WECHAT, "town")
    assert (account.name, account.kind, account.mode) == ("清河发布", "service", "safe")
    assert account.rights == ["media", "web_login"]
    assert account.is_verified is False
    assert account.registered_at == uow.now


def test_registering_again_changes_nothing_and_tells_nobody(core, announced, session):
    for _ in range(2):
        with core.unit_of_work() as uow:
            register_accounts(uow, [facts(), facts("desk", WEIBO)])

    assert names(queries.accounts(session)) == [(WECHAT, "town"), (WEIBO, "desk")]
    assert types_of(announced) == ["AccountRegistered", "AccountRegistered"]


def test_what_the_settings_say_anew_replaces_what_they_said(uow):
    register_accounts(uow, [facts(is_verified=False, rights=frozenset())])
    register_accounts(uow, [facts(name="清河政务", is_verified=True)])

    account = queries.get(uow.session, WECHAT, "town")
    assert (account.name, account.is_verified, len(account.rights)) == ("清河政务", True, 2)


def test_an_account_that_left_the_settings_is_retired_and_not_forgotten(core, clock, session):
    with core.unit_of_work() as uow:
        register_accounts(uow, [facts(), facts("old")])
        note_push(uow, WECHAT, "old")
        heard_at = uow.now
    clock.advance(timedelta(days=1))
    with core.unit_of_work() as uow:
        register_accounts(uow, [facts()])

    assert names(queries.accounts(session)) == [(WECHAT, "town")]
    retired = queries.accounts(session, with_retired=True)[1]
    assert (retired.retired_at, retired.last_push_at) == (clock(), heard_at)


def test_a_retired_account_comes_back_with_its_owner(uow):
    department = a_department(uow)
    register_accounts(uow, [facts()])
    assign_owner(uow, WECHAT, "town", department_id=department.id)
    register_accounts(uow, [])
    register_accounts(uow, [facts()])

    account = queries.get(uow.session, WECHAT, "town")
    assert account.retired_at is None
    assert account.owner.name == department.name


def test_the_owner_can_be_taken_back(uow):
    register_accounts(uow, [facts()])
    assign_owner(uow, WECHAT, "town", department_id=a_department(uow).id)
    assign_owner(uow, WECHAT, "town", department_id=None)

    assert queries.get(uow.session, WECHAT, "town").owner_id is None


def test_an_owner_must_exist(uow):
    register_accounts(uow, [facts()])

    with pytest.raises(DepartmentNotFound):
        assign_owner(uow, WECHAT, "town", department_id=0)


def test_an_account_that_nobody_registered_has_no_owner_to_assign(uow):
    with pytest.raises(AccountNotFound):
        assign_owner(uow, WECHAT, "nowhere", department_id=None)


def test_an_account_is_passive_only_from_the_first_refusal_until_it_is_cleared(core, announced):
    with core.unit_of_work() as uow:
        register_accounts(uow, [facts()])
    for reason in ("48001 没有权限", "48001 再次"):
        with core.unit_of_work() as uow:
            is_new = set_passive_only(uow, WECHAT, "town", reason=reason)
        assert is_new is (reason == "48001 没有权限")
    with core.unit_of_work() as uow:
        assert queries.get(uow.session, WECHAT, "town").passive_only_reason == "48001 没有权限"
        assert queries.is_passive_only(uow.session, WECHAT, "town")
        clear_passive_only(uow, WECHAT, "town", actor="operator:1")
    with core.unit_of_work() as uow:
        assert not queries.is_passive_only(uow.session, WECHAT, "town")

    assert types_of(announced) == ["AccountRegistered", "BecamePassiveOnly", "MaySpeakAgain"]


def test_an_unknown_account_is_never_passive_only(uow):
    assert set_passive_only(uow, WECHAT, "nowhere", reason="48001") is False
    assert queries.is_passive_only(uow.session, WECHAT, "nowhere") is False
