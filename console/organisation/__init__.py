"""The office as a tree of departments with their people, to look up."""

from console.navigation import MenuEntry
from console.organisation.views import bp
from console.sections import Section

section = Section(
    bp, (MenuEntry(title="机构", endpoint="organisation.show", icon="sitemap", position=60),)
)
