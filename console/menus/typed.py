"""The editor's form: buttons as they were typed, and what people do with them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from console.entered import cleaned
from core.menus.buttons import Button, Buttons
from core.menus.states import ButtonKind, Wish

# More than a platform takes, so that what is typed is kept and told to be too much.
MOST_BUTTONS = 5
MOST_SUB_BUTTONS = 8
LONGEST = 2000

_PLACE = re.compile(r"\d(\.\d)?")
_STEP = re.compile(r"(?P<verb>add|remove|up|down)(?::(?P<place>\d(?:\.\d)?))?")

# Which field of the form holds what a button of this kind leads to.
VALUE_FIELDS = {
    ButtonKind.WISH: "wish",
    ButtonKind.ENTRY: "entry",
    ButtonKind.PHRASE: "phrase",
    ButtonKind.PAGE: "page",
    ButtonKind.LINK: "link",
    ButtonKind.MINI_PROGRAM: "app_id",
    ButtonKind.GROUP: "group",
}
NEW = Button(name="", kind=ButtonKind.WISH, value=Wish.ASK)


def read(form: Mapping[str, str], places: Sequence[str]) -> Buttons:
    """Read the buttons in the order in which the form names their places."""
    tops: list[Button] = []
    for place in places:
        if not _PLACE.fullmatch(place):
            continue
        button = _button(form, place)
        if "." not in place:
            if len(tops) < MOST_BUTTONS:
                tops.append(button)
        elif tops and len(tops[-1].sub_buttons) < MOST_SUB_BUTTONS:
            tops[-1] = replace(tops[-1], sub_buttons=(*tops[-1].sub_buttons, button))
    return tuple(tops)


def _button(form: Mapping[str, str], place: str) -> Button:
    def typed(name: str) -> str:
        return cleaned(form.get(f"{name}-{place}"))[:LONGEST]

    try:
        kind = ButtonKind(typed("kind"))
    except ValueError:
        kind = ButtonKind.WISH
    field = VALUE_FIELDS.get(kind)
    value = typed(field) if field else ""
    if kind is ButtonKind.WISH and f"wish-{place}" not in form:
        value = Wish.ASK.value  # the kind was changed just now
    is_mini = kind is ButtonKind.MINI_PROGRAM
    return Button(
        name=typed("name"),
        kind=kind,
        value=value,
        path=typed("path") if is_mini else "",
        address=typed("address") if is_mini else "",
    )


def rearranged(buttons: Buttons, step: str) -> Buttons:
    """Add, remove or move a button; a step that cannot be taken changes nothing."""
    found = _STEP.fullmatch(step)
    if found is None:
        return buttons
    place = [int(part) for part in (found["place"] or "").split(".") if part]
    if found["verb"] == "add":
        return _added(buttons, place)
    if not place or place[0] >= len(buttons):
        return buttons
    move = _MOVES[found["verb"]]
    if len(place) == 1:
        return move(buttons, place[0])
    top = buttons[place[0]]
    if place[1] >= len(top.sub_buttons):
        return buttons
    return _with(buttons, place[0], replace(top, sub_buttons=move(top.sub_buttons, place[1])))


def _added(buttons: Buttons, place: list[int]) -> Buttons:
    if not place:
        return (*buttons, NEW) if len(buttons) < MOST_BUTTONS else buttons
    if place[0] >= len(buttons) or len(buttons[place[0]].sub_buttons) >= MOST_SUB_BUTTONS:
        return buttons
    top = buttons[place[0]]
    return _with(buttons, place[0], replace(top, sub_buttons=(*top.sub_buttons, NEW)))


def _with(buttons: Buttons, position: int, button: Button) -> Buttons:
    return (*buttons[:position], button, *buttons[position + 1 :])


def _removed(buttons: Buttons, position: int) -> Buttons:
    return (*buttons[:position], *buttons[position + 1 :])


def _moved_up(buttons: Buttons, position: int) -> Buttons:
    if position == 0:
        return buttons
    row = list(buttons)
    row[position - 1], row[position] = row[position], row[position - 1]
    return tuple(row)


def _moved_down(buttons: Buttons, position: int) -> Buttons:
    return _moved_up(buttons, position + 1) if position + 1 < len(buttons) else buttons


_MOVES: dict[str, Callable[[Buttons, int], Buttons]] = {
    "remove": _removed,
    "up": _moved_up,
    "down": _moved_down,
}
