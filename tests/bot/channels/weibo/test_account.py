from datetime import date

import pytest
from pydantic import ValidationError

from config.accounts import TokenWarning
from config.settings import Settings
from tests.bot.channels.weibo.platform import UID, a_channel, an_account


def test_an_account_is_read_from_the_environment(monkeypatch):
    given = {
        "UID": UID,
        "APP_SECRET": "123456",
        "ACCESS_TOKEN": "2.00",
        "TOKEN_EXPIRES_ON": "2026-03-09",
        "PUSH_FORMAT": "xml",
        "MENTION_ANSWER": "comment",
        "REAL_IP": "211.156.0.1",
    }
    for name, value in given.items():
        monkeypatch.setenv(f"DESK_WEIBO__town__{name}", value)

    account = Settings(_env_file=None, secret_key="s" * 16, data_key="d" * 16).weibo["town"]

    assert (account.uid, account.app_secret.get_secret_value()) == (UID, "123456")
    assert account.token_expires_on == date(2026, 3, 9)
    assert (account.push_format, account.mention_answer) == ("xml", "comment")


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"app_secret": ""}, "app_secret must not be empty"),
        ({"uid": "清河发布"}, "uid"),
        ({"uid": ""}, "uid"),
        ({"mention_answer": "comment"}, "needs real_ip"),
        ({"real_ip": "the-office"}, "real_ip"),
        ({"push_format": "yaml"}, "push_format"),
    ],
)
def test_an_account_that_cannot_work_is_refused_at_the_start(wrong, complaint):
    with pytest.raises(ValidationError, match=complaint):
        an_account(**wrong)


def test_what_is_left_empty_is_not_given():
    account = an_account(access_token="", token_expires_on="", real_ip="")

    assert (account.token_expires_on, account.real_ip) == (None, None)


def test_no_secret_of_an_account_is_shown():
    shown = repr(an_account())

    assert "secret" not in shown.replace("app_secret", "").replace("SecretStr", "")
    assert "2.00the" not in shown


@pytest.mark.parametrize(
    ("given", "warning"),
    [
        ({"access_token": ""}, TokenWarning.MISSING),
        ({}, None),
        ({"token_expires_on": "2026-03-10"}, None),
        ({"token_expires_on": "2026-03-09"}, TokenWarning.ENDS_SOON),
        ({"token_expires_on": "2026-03-03"}, TokenWarning.ENDS_SOON),
        ({"token_expires_on": "2026-03-02"}, TokenWarning.ENDED),
        ({"token_expires_on": "2025-03-02"}, TokenWarning.ENDED),
    ],
)
def test_the_end_of_the_token_is_known_a_week_ahead(given, warning):
    assert a_channel(account=an_account(**given)).token_warning is warning
