"""What a part of the console hands over to be built in."""

from dataclasses import dataclass

from flask import Blueprint

from console.navigation import MenuEntry


@dataclass(frozen=True)
class Section:
    blueprint: Blueprint
    menu: tuple[MenuEntry, ...] = ()
