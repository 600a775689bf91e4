"""Custom menus: their shape, the rules of /cgi-bin/menu/create, and a menu for demonstrations."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.simulator.errors import ApiError

MAX_BUTTONS = 3
MAX_SUB_BUTTONS = 5
MAX_NAME_BYTES = 16
MAX_SUB_NAME_BYTES = 60
MAX_KEY_BYTES = 128
MAX_URL_BYTES = 1024
MAX_OUTSIDE_DOMAINS = 3

KEY_TYPES = frozenset(
    {
        "click",
        "scancode_push",
        "scancode_waitmsg",
        "pic_sysphoto",
        "pic_photo_or_album",
        "pic_weixin",
        "location_select",
    }
)
OTHER_TYPES = frozenset({"view", "miniprogram", "media_id", "article_id", "article_view_limited"})


@dataclass(frozen=True, kw_only=True)
class Button:
    name: str
    type: str = ""
    key: str = ""
    url: str = ""
    app_id: str = ""
    page_path: str = ""
    sub_buttons: tuple["Button", ...] = ()

    def as_json(self) -> dict[str, Any]:
        said: dict[str, Any] = {"name": self.name}
        if self.sub_buttons:
            return said | {"sub_button": [button.as_json() for button in self.sub_buttons]}
        said |= {"type": self.type}
        said |= {"key": self.key} if self.key else {}
        said |= {"url": self.url} if self.url else {}
        said |= {"appid": self.app_id} if self.app_id else {}
        return said | ({"pagepath": self.page_path} if self.page_path else {})

    def as_shown_json(self) -> dict[str, Any]:
        """Return the other of the platform's two forms, of get_current_selfmenu_info."""
        if not self.sub_buttons:
            return self.as_json()
        subs = [button.as_json() for button in self.sub_buttons]
        return {"name": self.name, "sub_button": {"list": subs}}


@dataclass(frozen=True)
class Menu:
    buttons: tuple[Button, ...]

    def as_json(self) -> dict[str, Any]:
        return {"button": [button.as_json() for button in self.buttons]}

    @property
    def domains(self) -> set[str]:
        leaves = [leaf for button in self.buttons for leaf in button.sub_buttons or (button,)]
        return {urlsplit(leaf.url).hostname or "" for leaf in leaves if leaf.url}

    def find(self, *, key: str = "", url: str = "") -> Button | None:
        for button in self.buttons:
            for leaf in button.sub_buttons or (button,):
                if (key and leaf.key == key) or (url and leaf.url == url):
                    return leaf
        return None


@dataclass(frozen=True)
class GroupMenu:
    """个性化菜单: only citizens with the tag see it."""

    menu_id: int
    tag_id: int
    menu: Menu

    def as_json(self) -> dict[str, Any]:
        """Tell it as menu/get does, which calls the tag `group_id`."""
        rule = {"group_id": str(self.tag_id)}
        return self.menu.as_json() | {"matchrule": rule, "menuid": self.menu_id}


DEMO_MENU = Menu(
    (
        Button(
            name="问政策",
            sub_buttons=(
                Button(name="我要提问", type="click", key="ASK"),
                Button(name="热门问题", type="click", key="HOT"),
                Button(name="政府网站", type="view", url="https://www.gov.cn/"),
            ),
        ),
        Button(
            name="办事情",
            sub_buttons=(
                Button(name="提交诉求", type="click", key="CASE"),
                Button(name="查询进度", type="click", key="STATUS"),
                Button(name="我要催办", type="click", key="URGE"),
            ),
        ),
        Button(name="人工服务", type="click", key="HUMAN"),
    )
)


def menu_from_json(said: Any, *, own_domain: str = "") -> Menu:
    """Read the body of /cgi-bin/menu/create, refusing what the platform refuses."""
    buttons = said.get("button") if isinstance(said, dict) else None
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= MAX_BUTTONS:
        raise ApiError(40016)
    menu = Menu(tuple(_top_button(button) for button in buttons))
    # The platform does not count the office's own domain, which it knows from its settings.
    if len(menu.domains - {own_domain}) > MAX_OUTSIDE_DOMAINS:
        raise ApiError(65316)
    return menu


def tag_in_rule(said: Any) -> int:
    """Read the tag a menu is for, or refuse the rule."""
    rule = said.get("matchrule") if isinstance(said, dict) else None
    if not isinstance(rule, dict) or not rule:
        raise ApiError(65304)
    tag = str(rule.get("tag_id", ""))
    if not tag.isdecimal():
        raise ApiError(65304)
    return int(tag)


def _top_button(said: Any) -> Button:
    if not isinstance(said, dict):
        raise ApiError(40016)
    subs = said.get("sub_button")
    if not subs:
        return _leaf(said, max_name_bytes=MAX_NAME_BYTES)
    if not isinstance(subs, list) or len(subs) > MAX_SUB_BUTTONS:
        raise ApiError(40023)
    return Button(
        name=_name(said, MAX_NAME_BYTES),
        sub_buttons=tuple(_leaf(sub, max_name_bytes=MAX_SUB_NAME_BYTES) for sub in subs),
    )


def _leaf(said: Any, *, max_name_bytes: int) -> Button:
    if not isinstance(said, dict):
        raise ApiError(40023)
    name, kind = _name(said, max_name_bytes), str(said.get("type", ""))
    key, url = str(said.get("key", "")), str(said.get("url", ""))
    if kind not in KEY_TYPES | OTHER_TYPES:
        raise ApiError(40017)
    if kind in KEY_TYPES and not 1 <= len(key.encode()) <= MAX_KEY_BYTES:
        raise ApiError(40019)
    if kind in {"view", "miniprogram"} and not 1 <= len(url.encode()) <= MAX_URL_BYTES:
        raise ApiError(40020)
    if kind == "view" and not url.startswith(("http://", "https://")):
        raise ApiError(40054)
    app_id, page_path = str(said.get("appid", "")), str(said.get("pagepath", ""))
    return Button(name=name, type=kind, key=key, url=url, app_id=app_id, page_path=page_path)


def _name(said: dict[str, Any], max_bytes: int) -> str:
    name = str(said.get("name", ""))
    if not 1 <= len(name.encode()) <= max_bytes:
        raise ApiError(40018)
    return name
