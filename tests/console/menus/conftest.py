"""A console for one WeChat account, one without rights, and one Weibo account."""

import pytest
from pydantic import SecretStr

from config.accounts import AccountKind, WeChatAccount, WeiboAccount
from config.settings import Settings


def an_account(**given) -> WeChatAccount:
    facts = {
        "name": "清河政务",
        "app_id": "wx0000000000000001",
        "app_secret": SecretStr("secret"),
        "original_id": "gh_1",
        "token": SecretStr("token"),
        "encoding_aes_key": SecretStr("k" * 43),
    }
    return WeChatAccount(**facts | given)


@pytest.fixture(scope="session")
def settings() -> Settings:
    return Settings(
        _env_file=None,
        secret_key=SecretStr("only-for-the-tests-secret"),
        data_key=SecretStr("only-for-the-tests-data"),
        secure_cookies=False,
        sign_ins_per_minute=1000,
        wechat={
            "demo": an_account(),
            "plain": an_account(name="清河发布", kind=AccountKind.SUBSCRIPTION, is_verified=False),
        },
        weibo={"town": WeiboAccount(name="清河微博", uid="123", app_secret=SecretStr("secret"))},
    )
