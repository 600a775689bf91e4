"""Menus as the platforms write them: our buttons in their JSON, and theirs made comparable."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.channels.base import NotTaken
from core.menus.buttons import CLICKED, Button, key_of
from core.menus.states import ButtonKind

Json = dict[str, Any]

_TYPES = {
    ButtonKind.PAGE: "view",
    ButtonKind.LINK: "view",
    ButtonKind.MINI_PROGRAM: "miniprogram",
    ButtonKind.SCAN: "scancode_push",
}


@dataclass(frozen=True)
class GroupMenu:
    """A menu that only citizens with the tag see."""

    menu_id: str
    tag_id: int
    buttons: list[Json]


@dataclass(frozen=True)
class ShownMenus:
    """What the platform shows now; `is_open` is False when the menu is switched off there."""

    buttons: list[Json] = field(default_factory=list)
    group_menus: tuple[GroupMenu, ...] = ()
    is_open: bool = True


class TagGone(NotTaken):
    """Somebody has deleted the tag on the platform's own page."""

    code = "tag_gone"


class SetsMenus(Protocol):
    """The menus of one account on its platform. Every call may raise NotTaken."""

    @property
    def may_set_menus(self) -> bool: ...

    @property
    def may_group_citizens(self) -> bool: ...

    def put(self, buttons: list[Json]) -> None:
        """Show these to everybody who has no menu of a group."""

    def put_for_tag(self, buttons: list[Json], tag_id: int) -> str:
        """Show these to citizens with the tag; doing it again makes no second menu."""

    def remove(self) -> None:
        """Take all menus away, those of groups included."""

    def remove_for_tag(self, tag_id: int) -> None: ...

    def shown(self) -> ShownMenus: ...

    def tag_named(self, name: str) -> int:
        """Return the number of the tag, making it when there is none of this name."""

    def tag(self, tag_id: int, platform_id: str) -> None: ...

    def untag(self, tag_id: int, platform_id: str) -> None: ...


@dataclass(frozen=True)
class Where:
    """What a menu needs to know to be written: its number, our address, whose menu it is.

    `account` is empty where the platform cannot name the citizen to our pages.
    """

    menu_id: int
    public_url: str
    account: str = ""


def as_platform_json(buttons: Sequence[Button], where: Where) -> list[Json]:
    return [_as_json(button, str(place), where) for place, button in enumerate(buttons)]


def _as_json(button: Button, place: str, where: Where) -> Json:
    if button.kind is ButtonKind.SUB_MENU:
        subs = [
            _as_json(sub, f"{place}.{below}", where) for below, sub in enumerate(button.sub_buttons)
        ]
        return {"name": button.name, "sub_button": subs}
    said: Json = {"name": button.name, "type": _TYPES.get(button.kind, "click")}
    if button.kind in CLICKED:
        return said | {"key": key_of(where.menu_id, place)}
    said["url"] = button.link(where.public_url, account=where.account)
    if button.kind is ButtonKind.MINI_PROGRAM:
        said |= {"appid": button.value, "pagepath": button.path}
    return said


def comparable(buttons: Any) -> list[Json]:
    """Return what a platform tells of a menu in the form it was told in, nothing else with it."""
    if not isinstance(buttons, list):
        return []
    return [_comparable(button) for button in buttons if isinstance(button, Mapping)]


def _comparable(button: Mapping[str, Any]) -> Json:
    subs = button.get("sub_button")
    if isinstance(subs, Mapping):  # one of WeChat's two forms wraps the list once more
        subs = subs.get("list")
    name = str(button.get("name", ""))
    if subs:
        return {"name": name, "sub_button": comparable(subs)}
    said = {"name": name, "type": str(button.get("type", "")).lower()}
    for part in ("key", "url", "appid", "pagepath"):
        if button.get(part):
            said[part] = str(button[part])
    return said
