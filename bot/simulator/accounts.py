"""The official accounts registered with the simulated platform."""

from dataclasses import dataclass, field, replace
from ipaddress import ip_address, ip_network

from bot.simulator.menus import DEMO_MENU, Menu
from config.accounts import PushFormat, PushMode, WeChatAccount


@dataclass
class Account:
    """An account as its owner filled it in on WeChat's settings page."""

    key: str
    name: str
    app_id: str
    original_id: str
    push_url: str
    app_secret: str = field(repr=False)
    token: str = field(repr=False)
    encoding_aes_key: str = field(default="", repr=False)
    mode: PushMode = PushMode.PLAIN
    push_format: PushFormat = PushFormat.XML
    is_verified: bool = True
    is_test_account: bool = False
    ip_whitelist: tuple[str, ...] = ()
    menu: Menu | None = None

    @property
    def shown_menu(self) -> Menu:
        """What stands at the foot of the chat: the menu set by API, else the demo menu."""
        return DEMO_MENU if self.menu is None else self.menu

    def admits(self, address: str) -> bool:
        """Say whether `address` may ask for tokens; an empty whitelist admits everyone."""
        if not self.ip_whitelist:
            return True
        caller = ip_address(address)
        return any(caller in ip_network(entry, strict=False) for entry in self.ip_whitelist)

    def copy(self) -> "Account":
        return replace(self)


def account_from_settings(key: str, account: WeChatAccount, *, push_url: str) -> Account:
    return Account(
        key=key,
        name=account.name,
        app_id=account.app_id,
        app_secret=account.app_secret.get_secret_value(),
        original_id=account.original_id,
        token=account.token.get_secret_value(),
        encoding_aes_key=account.encoding_aes_key.get_secret_value(),
        mode=account.mode,
        push_url=push_url,
    )
