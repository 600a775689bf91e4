"""Cases: the list, the page of one with its clocks and history, and what staff do with it."""

from console.cases import actions as actions  # its routes
from console.cases import media as media  # its routes
from console.cases import opening as opening  # its routes
from console.cases.lists import count_todo
from console.cases.views import bp
from console.navigation import MenuEntry
from console.sections import Section

section = Section(
    bp,
    (
        MenuEntry(
            title="工单",
            endpoint="cases.index",
            icon="clipboard-list",
            position=30,
            badge=count_todo,
            topic="case",
        ),
    ),
)
