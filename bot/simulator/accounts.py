"""The official accounts registered with the simulated platform."""

from dataclasses import dataclass, field, replace
from ipaddress import ip_address, ip_network
from typing import Any

from bot.simulator.menus import DEMO_MENU, GroupMenu, Menu
from config.accounts import RIGHTS, AccountKind, PushFormat, PushMode, Right, WeChatAccount


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
    kind: AccountKind = AccountKind.SERVICE
    is_verified: bool = True
    is_test_account: bool = False
    ip_whitelist: tuple[str, ...] = ()
    own_domain: str = ""  # 业务域名: pages there are no pages outside
    menu: Menu | None = None
    group_menus: list[GroupMenu] = field(default_factory=list)
    tags: dict[int, str] = field(default_factory=dict)

    @property
    def shown_menu(self) -> Menu:
        """What stands at the foot of the chat: the menu set by API, else the demo menu."""
        return DEMO_MENU if self.menu is None else self.menu

    def may(self, right: Right) -> bool:
        return right in RIGHTS[self.kind, self.is_verified]

    def admits(self, address: str) -> bool:
        """Say whether `address` may ask for tokens; an empty whitelist admits everyone."""
        if not self.ip_whitelist:
            return True
        caller = ip_address(address)
        return any(caller in ip_network(entry, strict=False) for entry in self.ip_whitelist)

    def menu_for(self, tag_ids: set[int]) -> Menu:
        """Return the newest menu made for one of the tags, else the one for everybody."""
        for group_menu in reversed(self.group_menus):
            if group_menu.tag_id in tag_ids:
                return group_menu.menu
        return self.shown_menu

    def menus_report(self) -> dict[str, Any]:
        """Tell what a phone needs to know of the menus, the newest of groups first."""
        for_groups = [{"tag": it.tag_id, "menu": it.menu.as_json()} for it in self.group_menus]
        return {"menu": self.shown_menu.as_json(), "group_menus": for_groups[::-1]}

    def copy(self) -> "Account":
        return replace(self, group_menus=list(self.group_menus), tags=dict(self.tags))


def account_from_settings(
    key: str, account: WeChatAccount, *, push_url: str, own_domain: str = ""
) -> Account:
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
        kind=account.kind,
        is_verified=account.is_verified,
        own_domain=own_domain,
    )
