"""The first page: what needs somebody's attention now."""

from console.navigation import MenuEntry
from console.overview.views import bp
from console.sections import Section

section = Section(
    bp, (MenuEntry(title="总览", endpoint="overview.show", icon="layout-dashboard", position=10),)
)
