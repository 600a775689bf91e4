"""Models: which one answers citizens, what waits for one, and how each came about."""

from console.models.views import bp
from console.navigation import MenuEntry
from console.sections import Section

section = Section(
    bp, (MenuEntry(title="模型", endpoint="models.index", icon="brain", position=55),)
)
