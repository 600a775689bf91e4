"""The Weibo accounts with 粉丝服务 that are registered with the simulated platform."""

from dataclasses import dataclass, field, replace

from bot.simulator.menus import DEMO_MENU, Menu
from config.accounts import PushFormat, WeiboAccount


@dataclass
class SimulatedAccount:
    """An account as its owner filled it in on the page of the developer mode."""

    key: str
    name: str
    uid: str
    push_url: str
    app_secret: str = field(repr=False)
    access_token: str = field(default="", repr=False)
    push_format: PushFormat = PushFormat.JSON
    # Only accounts with a grant of their own are told by push that somebody named them.
    pushes_mentions: bool = True
    may_comment: bool = True
    token_is_expired: bool = False
    menu: Menu | None = None

    @property
    def shown_menu(self) -> Menu:
        return DEMO_MENU if self.menu is None else self.menu

    def copy(self) -> "SimulatedAccount":
        return replace(self)


def account_from_settings(key: str, account: WeiboAccount, *, push_url: str) -> SimulatedAccount:
    return SimulatedAccount(
        key=key,
        name=account.name,
        uid=account.uid,
        push_url=push_url,
        app_secret=account.app_secret.get_secret_value(),
        access_token=account.access_token.get_secret_value(),
        push_format=account.push_format,
    )
