"""Learning from use: what citizens asked in vain, grouped, and given to an entry by a person."""

from console.gaps import views
from console.navigation import MenuEntry
from console.sections import Section

section = Section(
    views.bp,
    (
        MenuEntry(
            title="待学习",
            endpoint="gaps.index",
            icon="school",
            position=52,
            badge=views.count_open,
            topic="gap",
        ),
    ),
)
