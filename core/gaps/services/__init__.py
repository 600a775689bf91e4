"""Changes to open questions and their groups."""

from core.gaps.services.collecting import Unplaced, collect_gaps, place_gaps, unplaced_gaps
from core.gaps.services.deciding import assign_group, dismiss_group, reopen_group, start_entry

__all__ = [
    "Unplaced",
    "assign_group",
    "collect_gaps",
    "dismiss_group",
    "place_gaps",
    "reopen_group",
    "start_entry",
    "unplaced_gaps",
]
