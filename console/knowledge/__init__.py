"""The FAQ in the hands of its editors: looked up, changed, reviewed, taken in and given out."""

from console.knowledge import editing as editing
from console.knowledge import files as files
from console.knowledge import hints as hints
from console.knowledge import reviewing
from console.knowledge.views import bp
from console.navigation import MenuEntry
from console.sections import Section

section = Section(
    bp,
    (
        MenuEntry(
            title="知识",
            endpoint="knowledge.index",
            icon="book-2",
            position=50,
            badge=reviewing.count_reviewable,
            topic="entry",
        ),
    ),
)
