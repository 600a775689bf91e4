import stat
from pathlib import Path

import pytest

from launch.environment import (
    for_make_run,
    for_tests,
    made_once,
    platform_is_simulated,
    settings_from,
)
from launch.failures import LaunchFailed


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Leave out what the machine that runs the tests happens to set."""
    for name in ("DATABASE_URL", "REDIS_URL", "DESK_CONSOLE_PORT", "DESK_DATA_FOLDER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def test_secrets_are_made_once_and_only_their_owner_may_read_them(tmp_path: Path):
    first = made_once(tmp_path)

    assert made_once(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_two_data_folders_share_no_secret(tmp_path: Path):
    here, there = made_once(tmp_path / "here"), made_once(tmp_path / "there")

    shared = {name for name in here if here[name] == there[name]}
    assert shared == {name for name in here if name.endswith("__NAME")}


def test_a_secret_that_came_up_later_is_added_to_the_old_ones(tmp_path: Path):
    (tmp_path / "secrets.json").write_text('{"DESK_SECRET_KEY": "the old one"}')

    assert made_once(tmp_path)["DESK_SECRET_KEY"] == "the old one"
    assert made_once(tmp_path)["DESK_DATA_KEY"] == made_once(tmp_path)["DESK_DATA_KEY"]


def test_damaged_secrets_are_told_in_words(tmp_path: Path):
    (tmp_path / "secrets.json").write_text("{")

    with pytest.raises(LaunchFailed, match="已损坏"):
        made_once(tmp_path)


def test_a_fresh_checkout_gets_a_demo_account_on_the_simulator(tmp_path: Path):
    environment = for_make_run(tmp_path)

    assert platform_is_simulated(environment)
    settings = settings_from(environment)
    assert (list(settings.wechat), list(settings.weibo)) == (["town"], ["town"])
    simulator = f"http://127.0.0.1:{settings.simulator_port}"
    assert {settings.weibo_api_url, settings.weibo_open_api_url, settings.weibo_upload_url} == {
        simulator
    }
    assert settings.weibo["town"].access_token.get_secret_value()


def test_what_the_environment_says_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DESK_SECRET_KEY", "a key the person has chosen")

    settings = settings_from(for_make_run(tmp_path))

    assert settings.secret_key.get_secret_value() == "a key the person has chosen"


def test_what_the_settings_file_says_counts(tmp_path: Path):
    (tmp_path / ".env").write_text("DESK_CONSOLE_PORT=18000\nDESK_DATA_FOLDER=elsewhere\n")

    settings = settings_from(for_make_run(tmp_path))

    assert settings.console_port == 18000
    assert settings.public_url == "http://127.0.0.1:18000"
    assert settings.data_folder == tmp_path / "elsewhere"


def test_an_office_with_its_own_account_gets_no_demo_account(tmp_path: Path):
    (tmp_path / ".env").write_text(
        "DESK_WECHAT__county__APP_ID=wx0123456789abcdef\n"
        "DESK_WECHAT__county__APP_SECRET=secret\n"
        "DESK_WECHAT__county__ORIGINAL_ID=gh_0123456789ab\n"
        "DESK_WECHAT__county__TOKEN=token\n"
        "DESK_WECHAT__county__MODE=plain\n"
    )

    environment = for_make_run(tmp_path)

    assert list(settings_from(environment).wechat) == ["county"]
    assert list(settings_from(environment).weibo) == []
    assert not platform_is_simulated(environment)


def test_a_wrong_setting_is_named_without_its_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DESK_SECRET_KEY", "short")

    with pytest.raises(LaunchFailed, match="secret_key") as refused:
        settings_from(for_make_run(tmp_path))
    assert "short\n" not in str(refused.value)


def test_tests_see_nothing_of_the_persons_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / ".env").write_text("DESK_OFFICE_NAME=真实单位\n")
    monkeypatch.setenv("DATABASE_URL", "postgresql://production")

    settings = settings_from(for_tests(tmp_path / "scratch"))

    assert settings.office_name != "真实单位"
    assert not settings.database_url
