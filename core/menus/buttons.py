"""The buttons of a menu as people edit them, and how a click names one of them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from core.menus.states import ASKS_WHO, OWN_PATHS, ButtonKind, OwnPage

_KEY = re.compile(r"desk-(?P<menu_id>\d{1,18})-(?P<place>\d(?:\.\d)?)")

# Clicking these tells us; the others open something, of which we learn at most.
CLICKED = frozenset({
    ButtonKind.WISH, ButtonKind.ENTRY, ButtonKind.PHRASE, ButtonKind.GROUP, ButtonKind.SCAN,
})  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Button:
    """`value` is what it leads to: a wish, a slug, words, an address, an app id, a group's code.

    `path` is the page within a mini program; `address` is what old clients open instead.
    Sub-buttons of a button that opens no sub-menu are kept, and shown to nobody.
    """

    name: str = ""
    kind: ButtonKind = ButtonKind.WISH
    value: str = ""
    path: str = ""
    address: str = ""
    sub_buttons: tuple["Button", ...] = ()

    @property
    def shown_buttons(self) -> tuple["Button", ...]:
        return self.sub_buttons if self.kind is ButtonKind.SUB_MENU else ()

    def as_json(self) -> dict[str, Any]:
        said: dict[str, Any] = {"name": self.name, "kind": self.kind.value}
        for name in ("value", "path", "address"):
            if getattr(self, name):
                said[name] = getattr(self, name)
        if self.sub_buttons:
            said["sub_buttons"] = [button.as_json() for button in self.sub_buttons]
        return said

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Button":
        return cls(
            name=said.get("name", ""),
            kind=ButtonKind(said.get("kind", ButtonKind.WISH)),
            value=said.get("value", ""),
            path=said.get("path", ""),
            address=said.get("address", ""),
            sub_buttons=tuple(cls.from_json(sub) for sub in said.get("sub_buttons", ())),
        )

    def link(self, public_url: str, *, account: str = "") -> str:
        """Return the address it opens; empty when it opens none.

        `account` is whose menu it is, where the platform can name the citizen to a page.
        """
        if self.kind is ButtonKind.PAGE and self.value in set(OwnPage):
            page = OwnPage(self.value)
            address = f"{public_url.rstrip('/')}{OWN_PATHS[page]}"
            asks_who = account and page in ASKS_WHO
            return f"{address}?{urlencode({'account': account})}" if asks_who else address
        if self.kind is ButtonKind.LINK:
            return self.value
        return self.address if self.kind is ButtonKind.MINI_PROGRAM else ""


Buttons = tuple[Button, ...]


def read(said: Sequence[Mapping[str, Any]]) -> Buttons:
    return tuple(Button.from_json(button) for button in said)


def written(buttons: Sequence[Button]) -> list[Any]:
    return [button.as_json() for button in buttons]


def leaves(buttons: Sequence[Button]) -> Iterator[tuple[str, Button]]:
    """Yield every button that does something when pressed, with its place such as `1.0`."""
    for top, button in enumerate(buttons):
        if button.kind is not ButtonKind.SUB_MENU:
            yield str(top), button
        for sub, below in enumerate(button.shown_buttons):
            yield f"{top}.{sub}", below


def key_of(menu_id: int, place: str) -> str:
    """Name the button in a click. A click on an older menu still finds what it meant then."""
    return f"desk-{menu_id}-{place}"


def clicked(key: str) -> tuple[int, str] | None:
    """Return the menu and the place that a click's key names; None when it is not one of ours."""
    found = _KEY.fullmatch(key)
    return (int(found["menu_id"]), found["place"]) if found else None
