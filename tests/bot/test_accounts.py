"""The registry follows the settings, and probes and Prometheus see how each account is."""

from typing import Any

import pytest
from prometheus_client import REGISTRY

from bot.account_metrics import measure_accounts
from bot.accounts import Registry, account_states, facts_in
from bot.notes import Notes
from config.accounts import AccountKind
from config.settings import Settings
from core.channels import queries
from core.channels.services import note_token, raise_alarm, set_passive_only
from core.channels.states import AlarmCode
from core.messaging import ChannelName
from core.unit_of_work import StoreFailed
from tests.bot.channels.wechat import platform as wechat
from tests.bot.channels.weibo import platform as weibo

WECHAT, WEIBO = ChannelName.WECHAT, ChannelName.WEIBO


@pytest.fixture
def settings() -> Settings:
    subscription = {"kind": AccountKind.SUBSCRIPTION, "is_verified": False}
    return Settings(
        _env_file=None,
        secret_key="s" * 16,
        data_key="d" * 16,
        wechat={
            "town": wechat.an_account(),
            "county": wechat.an_account().model_copy(update=subscription),
        },
        weibo={"desk": weibo.an_account()},
    )


@pytest.fixture
def registry(core, settings) -> Registry:
    return Registry(core, settings, Notes())


class _Lost:
    def unit_of_work(self):
        raise StoreFailed("the database is away")


LOST: Any = _Lost()


def test_no_secret_of_the_settings_gets_into_the_registry(settings):
    told = repr(facts_in(settings))

    secrets = [
        secret.get_secret_value()
        for account in [*settings.wechat.values(), *settings.weibo.values()]
        for secret in vars(account).values()
        if hasattr(secret, "get_secret_value") and secret.get_secret_value()
    ]
    assert secrets
    assert [secret for secret in secrets if secret in told] == []


def test_each_account_is_registered_with_what_it_may_do(core, registry):
    registry.step()

    with core.unit_of_work() as uow:
        rights = {one.account: len(one.rights) for one in queries.accounts(uow.session)}
    assert rights["town"] > rights["county"] == 0
    assert set(rights) == {"town", "county", "desk", "site"}


def test_registering_waits_for_the_database(core, settings, caplog):
    registry = Registry(LOST, settings, Notes())
    registry.step()
    assert registry.is_registered is False

    registry.core = core
    registry.step()

    with core.unit_of_work() as uow:
        assert len(queries.accounts(uow.session)) == 4


def test_probes_see_the_state_of_every_account(core, registry):
    registry.step()
    with core.unit_of_work() as uow:
        raise_alarm(uow, WECHAT, "town", AlarmCode.SILENCE, "…")
        set_passive_only(uow, WEIBO, "desk", reason="10014")

    states = account_states(core)

    assert states["wechat/town"]["alarms"] == ["silence"]
    assert states["weibo/desk"]["passive_only"] is True
    assert states["wechat/county"]["last_push_at"] is None
    assert account_states(LOST) == {}


def test_prometheus_sees_open_alarms_and_the_end_of_tokens(core, registry):
    registry.step()
    with core.unit_of_work() as uow:
        raise_alarm(uow, WECHAT, "town", AlarmCode.SILENCE, "…")
        note_token(uow, WECHAT, "town", expires_at=uow.now)
        ends = uow.now.timestamp()

    measure_accounts(core)

    labels = {"channel": "wechat", "account": "town"}
    assert REGISTRY.get_sample_value("desk_alarms_open", labels | {"code": "silence"}) == 1
    name = "desk_account_token_expires_timestamp_seconds"
    assert REGISTRY.get_sample_value(name, labels) == ends
    measure_accounts(LOST)
    assert REGISTRY.get_sample_value(name, labels) is None
