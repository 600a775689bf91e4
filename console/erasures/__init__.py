"""What citizens want erased: checked by the security admin, carried out by the system admin."""

from console.erasures import views
from console.navigation import MenuEntry
from console.sections import Section

section = Section(
    views.bp,
    (
        MenuEntry(
            title="删除申请",
            endpoint="erasures.index",
            icon="eraser",
            position=75,
            badge=views.count_todo,
            topic="erasure",
        ),
    ),
)
