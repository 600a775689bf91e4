"""What a platform takes as a menu, checked before it is asked.

WeChat: protocols of the custom menu (个性化菜单 included), error codes 40016 to 65316.
Weibo takes the same form, but only buttons that are clicked or open a page.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

from core.menus.buttons import Button, leaves
from core.menus.states import ButtonKind, OwnPage, Wish
from core.messaging import ChannelName

MAX_PHRASE_CHARACTERS = 100
MAX_GROUP_NAME_BYTES = 30  # of a tag, 45158 otherwise
# More than these of a name is cut off on a phone.
SHOWN_NAME_CHARACTERS = 4

_K = ButtonKind
_APP_ID = re.compile(r"wx[0-9a-f]{16}")


@dataclass(frozen=True, kw_only=True)
class MenuLimits:
    kinds: frozenset[ButtonKind]
    has_group_menus: bool
    buttons: int = 3
    sub_buttons: int = 5
    name_bytes: int = 16
    sub_name_bytes: int = 60
    address_bytes: int = 1024
    outside_domains: int = 3


LIMITS: dict[ChannelName, MenuLimits] = {
    ChannelName.WECHAT: MenuLimits(kinds=frozenset(ButtonKind), has_group_menus=True),
    ChannelName.WEIBO: MenuLimits(
        kinds=frozenset(ButtonKind) - {_K.MINI_PROGRAM, _K.SCAN, _K.GROUP}, has_group_menus=False
    ),
}


class Field(StrEnum):
    """Where something is wrong: a field of a button, or the menu as a whole."""

    WHOLE = "whole"
    NAME = "name"
    KIND = "kind"
    VALUE = "value"
    PATH = "path"
    ADDRESS = "address"


@dataclass(frozen=True)
class Problem:
    """`place` is that of the button, empty for the whole menu. A warning stops nobody."""

    place: str
    where: Field
    code: str
    is_warning: bool = False
    facts: dict[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Known:
    """What buttons can lead to today."""

    entries: Collection[str]
    groups: Collection[str]
    own_url: str


def problems(buttons: Sequence[Button], limits: MenuLimits, known: Known) -> list[Problem]:
    """Return everything that speaks against publishing these buttons."""
    return list(_problems(buttons, limits, known))


def errors(found: Sequence[Problem]) -> list[Problem]:
    return [problem for problem in found if not problem.is_warning]


def _problems(buttons: Sequence[Button], limits: MenuLimits, known: Known) -> Iterator[Problem]:
    if not buttons:
        yield Problem("", Field.WHOLE, "no_buttons")
    if len(buttons) > limits.buttons:
        yield Problem("", Field.WHOLE, "too_many_buttons", facts={"limit": limits.buttons})
    yield from _repeated_names(buttons, "")
    for top, button in enumerate(buttons):
        place = str(top)
        yield from _name(button, place, limits.name_bytes)
        if button.kind is ButtonKind.SUB_MENU:
            yield from _sub_menu(button, place, limits, known)
        else:
            yield from _leaf(button, place, limits, known)
    yield from _repeated_targets(buttons)
    yield from _domains(buttons, limits, known)


def _sub_menu(button: Button, place: str, limits: MenuLimits, known: Known) -> Iterator[Problem]:
    subs = button.sub_buttons
    if not subs:
        yield Problem(place, Field.KIND, "sub_menu_empty")
    if len(subs) > limits.sub_buttons:
        facts: dict[str, str | int] = {"limit": limits.sub_buttons}
        yield Problem(place, Field.KIND, "too_many_sub_buttons", facts=facts)
    yield from _repeated_names(subs, f"{place}.")
    for position, sub in enumerate(subs):
        below = f"{place}.{position}"
        yield from _name(sub, below, limits.sub_name_bytes)
        if sub.kind is ButtonKind.SUB_MENU:
            yield Problem(below, Field.KIND, "sub_menu_too_deep")
        else:
            yield from _leaf(sub, below, limits, known)


def _name(button: Button, place: str, limit: int) -> Iterator[Problem]:
    size = len(button.name.encode())
    if not button.name.strip():
        yield Problem(place, Field.NAME, "name_missing")
    elif size > limit:
        facts: dict[str, str | int] = {"bytes": size, "limit": limit, "characters": limit // 3}
        yield Problem(place, Field.NAME, "name_too_long", facts=facts)
    elif "." not in place and len(button.name) > SHOWN_NAME_CHARACTERS:
        yield Problem(place, Field.NAME, "name_cut_off", is_warning=True)


def _repeated_names(buttons: Sequence[Button], above: str) -> Iterator[Problem]:
    names = Counter(button.name.strip() for button in buttons)
    for position, button in enumerate(buttons):
        if button.name.strip() and names[button.name.strip()] > 1:
            yield Problem(f"{above}{position}", Field.NAME, "name_repeated")


def _leaf(button: Button, place: str, limits: MenuLimits, known: Known) -> Iterator[Problem]:
    if button.kind not in limits.kinds:
        yield Problem(place, Field.KIND, "kind_not_offered")
        return
    code = _value_code(button, known)
    if code:
        yield Problem(place, Field.VALUE, code, facts={"limit": MAX_PHRASE_CHARACTERS})
    if button.kind is _K.MINI_PROGRAM and not button.path:
        yield Problem(place, Field.PATH, "path_missing")
    if button.kind in {_K.LINK, _K.MINI_PROGRAM}:  # our own pages are where the settings say
        where = Field.ADDRESS if button.kind is _K.MINI_PROGRAM else Field.VALUE
        code = "" if code else _address_code(button.link(known.own_url), limits)
        if code:
            yield Problem(place, where, code, facts={"limit": limits.address_bytes})


def _value_code(button: Button, known: Known) -> str:
    """Say what is wrong with what the button leads to; an address is judged elsewhere."""
    value = button.value
    wrong: dict[ButtonKind, tuple[tuple[str, bool], ...]] = {
        _K.WISH: (("wish_unknown", value not in set(Wish)),),
        _K.PAGE: (("page_unknown", value not in set(OwnPage)),),
        _K.ENTRY: (("entry_missing", not value), ("entry_gone", value not in known.entries)),
        _K.GROUP: (("group_unknown", bool(value) and value not in known.groups),),
        _K.PHRASE: (
            ("phrase_missing", not value.strip()),
            ("phrase_too_long", len(value) > MAX_PHRASE_CHARACTERS),
        ),
        _K.MINI_PROGRAM: (("app_id_invalid", not _APP_ID.fullmatch(value)),),
    }
    return next((code for code, is_so in wrong.get(button.kind, ()) if is_so), "")


def _address_code(address: str, limits: MenuLimits) -> str:
    if not address:
        return "address_missing"
    if len(address.encode()) > limits.address_bytes:
        return "address_too_long"
    try:
        parts = urlsplit(address)
        host, port_is_fine = parts.hostname or "", parts.port is not False
    except ValueError:
        return "address_invalid"
    is_plain = not re.search(r"\s", address) and "@" not in parts.netloc
    if parts.scheme not in {"http", "https"} or not host or not is_plain or not port_is_fine:
        return "address_invalid"
    return ""


def _repeated_targets(buttons: Sequence[Button]) -> Iterator[Problem]:
    targets = [(place, (it.kind, it.value, it.path)) for place, it in leaves(buttons)]
    count = Counter(target for _, target in targets)
    for place, target in targets:
        if count[target] > 1 and target[1]:
            yield Problem(place, Field.VALUE, "target_repeated", is_warning=True)


def _domains(buttons: Sequence[Button], limits: MenuLimits, known: Known) -> Iterator[Problem]:
    own = _host(known.own_url)
    hosts = {_host(it.link(known.own_url)) for _, it in leaves(buttons)} - {"", own}
    if len(hosts) > limits.outside_domains:
        facts: dict[str, str | int] = {
            "limit": limits.outside_domains,
            "hosts": "、".join(sorted(hosts)),
        }
        yield Problem("", Field.WHOLE, "too_many_domains", facts=facts)


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""
