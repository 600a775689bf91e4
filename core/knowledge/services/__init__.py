"""Changes to knowledge."""

from core.knowledge.contents import EntryDraft, ReferenceDraft, Refusal
from core.knowledge.services.drafting import (
    abandon_change,
    draft_change,
    draft_withdrawal,
    save_draft,
    submit_change,
    take_back_change,
)
from core.knowledge.services.importing import keep_import, take_in
from core.knowledge.services.publishing import import_entry, withdraw_entry
from core.knowledge.services.reviewing import (
    approve_change,
    needs_training,
    refuse_changes,
    release_changes,
    return_change,
)

__all__ = [
    "EntryDraft",
    "ReferenceDraft",
    "Refusal",
    "abandon_change",
    "approve_change",
    "draft_change",
    "draft_withdrawal",
    "import_entry",
    "keep_import",
    "needs_training",
    "refuse_changes",
    "release_changes",
    "return_change",
    "save_draft",
    "submit_change",
    "take_back_change",
    "take_in",
    "withdraw_entry",
]
