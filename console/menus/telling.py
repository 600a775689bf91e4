"""Menus in words: what a button does, and how two versions differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from console import wording
from core.knowledge import queries as knowledge
from core.menus import queries
from core.menus.buttons import Button, Buttons, leaves
from core.menus.limits import Problem
from core.menus.states import ButtonKind, OwnPage, Wish
from core.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Difference:
    """One line of what changes: `before` or `after` is empty when there is none."""

    before: str
    after: str

    @property
    def kind(self) -> str:
        if not self.before:
            return "added"
        return "changed" if self.after else "removed"


@dataclass(frozen=True)
class Titles:
    """The names of what buttons lead to."""

    entries: Mapping[str, str]
    groups: Mapping[str, str]


def titles(uow: UnitOfWork, *menus: Buttons) -> Titles:
    slugs = {it.value for menu in menus for _, it in leaves(menu) if it.kind is ButtonKind.ENTRY}
    entries = knowledge.published(uow.session, slugs)
    groups = queries.groups(uow.session, with_retired=True)
    return Titles(
        {entry.slug: entry.question for entry in entries},
        {group.code: group.name for group in groups},
    )


def target(button: Button, known: Titles) -> str:
    """Say what happens when the button is pressed."""
    value = button.value
    named = {
        ButtonKind.WISH: lambda: wording.label(Wish(value)) if value in set(Wish) else value,
        ButtonKind.PAGE: lambda: wording.label(OwnPage(value)) if value in set(OwnPage) else value,
        ButtonKind.ENTRY: lambda: known.entries.get(value, f"{value}（未发布）"),
        ButtonKind.GROUP: lambda: known.groups.get(value, "由市民选择"),
        ButtonKind.PHRASE: lambda: f"“{value}”",
        ButtonKind.MINI_PROGRAM: lambda: f"{value} {button.path}",
    }
    words = named.get(button.kind, lambda: value)()
    return f"{wording.label(button.kind)}：{words}" if words else wording.label(button.kind)


def differences(before: Buttons, after: Buttons, known: Titles) -> list[Difference]:
    """Compare place by place, so that a changed order is a difference too."""
    old, new = _lines(before, known), _lines(after, known)
    by_name = {line.partition(" → ")[0]: line for line in old}
    found = []
    for line in new:
        former = by_name.pop(line.partition(" → ")[0], "")
        if former != line:
            found.append(Difference(former, line))
    found += [Difference(line, "") for line in by_name.values()]
    if not found and old != new:
        moved = [pair for pair in zip_longest(old, new, fillvalue="") if pair[0] != pair[1]]
        found = [Difference(f"{was}（位置）", f"{now}（位置）") for was, now in moved]
    return found


def _lines(buttons: Sequence[Button], known: Titles) -> list[str]:
    lines = []
    for button in buttons:
        if button.kind is not ButtonKind.SUB_MENU:
            lines.append(f"{button.name} → {target(button, known)}")
        lines += [
            f"{button.name} › {sub.name} → {target(sub, known)}" for sub in button.shown_buttons
        ]
    return lines


def worded(problems: Sequence[Problem]) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Return what is said at each field, by place and field."""
    said: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for problem in problems:
        text = wording.menu_problems()[problem.code].format(**problem.facts)
        told = {"text": text, "is_warning": problem.is_warning}
        said.setdefault((problem.place, problem.where.value), []).append(told)
    return said
