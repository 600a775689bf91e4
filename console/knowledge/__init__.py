"""The FAQ, to look up: what citizens are answered, and what that rests on."""

from console.knowledge.views import bp
from console.navigation import MenuEntry
from console.sections import Section

section = Section(
    bp, (MenuEntry(title="知识", endpoint="knowledge.index", icon="book-2", position=50),)
)
