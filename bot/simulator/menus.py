"""Custom menus: their shape, the rules of /cgi-bin/menu/create, and a menu for demonstrations."""

from dataclasses import dataclass
from typing import Any

from bot.simulator.errors import ApiError

MAX_BUTTONS = 3
MAX_SUB_BUTTONS = 5
MAX_NAME_BYTES = 16
MAX_SUB_NAME_BYTES = 60
MAX_KEY_BYTES = 128
MAX_URL_BYTES = 1024

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
    sub_buttons: tuple["Button", ...] = ()

    def as_json(self) -> dict[str, Any]:
        said: dict[str, Any] = {"name": self.name}
        if self.sub_buttons:
            return said | {"sub_button": [button.as_json() for button in self.sub_buttons]}
        said |= {"type": self.type}
        said |= {"key": self.key} if self.key else {}
        return said | ({"url": self.url} if self.url else {})


@dataclass(frozen=True)
class Menu:
    buttons: tuple[Button, ...]

    def as_json(self) -> dict[str, Any]:
        return {"button": [button.as_json() for button in self.buttons]}

    def find(self, *, key: str = "", url: str = "") -> Button | None:
        for button in self.buttons:
            for leaf in button.sub_buttons or (button,):
                if (key and leaf.key == key) or (url and leaf.url == url):
                    return leaf
        return None


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


def menu_from_json(said: Any) -> Menu:
    """Read the body of /cgi-bin/menu/create, refusing what the platform refuses."""
    buttons = said.get("button") if isinstance(said, dict) else None
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= MAX_BUTTONS:
        raise ApiError(40016)
    return Menu(tuple(_top_button(button) for button in buttons))


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
    return Button(name=name, type=kind, key=key, url=url)


def _name(said: dict[str, Any], max_bytes: int) -> str:
    name = str(said.get("name", ""))
    if not 1 <= len(name.encode()) <= max_bytes:
        raise ApiError(40018)
    return name
