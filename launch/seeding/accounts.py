"""The demo accounts to try the desk with."""

from collections.abc import Iterator
from dataclasses import dataclass

from launch.seeding.filling import read_seed
from launch.seeding.office import Person, Unit


@dataclass(frozen=True)
class DemoAccount:
    login: str
    name: str
    unit: str
    role: str


def shown() -> list[DemoAccount]:
    """Return one account of every role, as the start prints them; all have one password."""
    people: list[Person] = read_seed("people", Person)
    units = dict(_names(read_seed("organisation", Unit)))
    return [
        DemoAccount(one.login, one.name, units[one.department], one.shown)
        for one in people
        if one.shown
    ]


def _names(units: list[Unit]) -> Iterator[tuple[str, str]]:
    for unit in units:
        yield unit.code, unit.name
        yield from _names(unit.units)
