"""Changes to models: asking for one, working on it, letting it live, bringing one back."""

from core.releases.services.asking import (
    request_release,
    request_rollback,
    request_wanted_release,
)
from core.releases.services.keeping import install, note_files, note_troubles, to_keep
from core.releases.services.working import (
    BuiltModel,
    fail,
    fail_interrupted,
    go_live,
    refuse,
    start_next,
    tell_progress,
)

__all__ = [
    "BuiltModel",
    "fail",
    "fail_interrupted",
    "go_live",
    "install",
    "note_files",
    "note_troubles",
    "refuse",
    "request_release",
    "request_rollback",
    "request_wanted_release",
    "start_next",
    "tell_progress",
    "to_keep",
]
