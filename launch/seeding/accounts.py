"""The demo accounts to try the desk with."""

from dataclasses import dataclass

from launch.seeding.filling import read_seed
from launch.seeding.office import Person


@dataclass(frozen=True)
class DemoAccount:
    login: str
    name: str
    role: str


def shown() -> list[DemoAccount]:
    """Return one account of every role, as the start prints them; all have one password."""
    people: list[Person] = read_seed("people", Person)
    return [DemoAccount(one.login, one.name, one.shown) for one in people if one.shown]
