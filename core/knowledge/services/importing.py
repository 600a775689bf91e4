"""Files that editors send: compared with what is live, then taken in as changes."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import delete

from core.departments import queries as departments
from core.events import operator_actor
from core.knowledge import queries
from core.knowledge.contents import EntryDraft, FileLine, Problem
from core.knowledge.events import KnowledgeImported
from core.knowledge.models import Change, FaqEntry, KnowledgeImport
from core.knowledge.queries import EntryFilter
from core.knowledge.services.drafting import draft_change, submit_change
from core.knowledge.states import EntryState, ImportOutcome
from core.unit_of_work import UnitOfWork

_TAKEN_IN = frozenset({ImportOutcome.ADDED, ImportOutcome.CHANGED})


def keep_import(
    uow: UnitOfWork, lines: Sequence[FileLine], *, operator_id: int, file_name: str
) -> KnowledgeImport:
    """Compare a file with what is live, and keep it until the operator takes it in.

    A file the same operator sent before and did not take in is forgotten.
    """
    uow.session.execute(delete(KnowledgeImport).filter_by(operator_id=operator_id))
    entries = {entry.slug: entry for entry in queries.listed(uow.session, EntryFilter())}
    units = {unit.code for unit in departments.all_departments(uow.session)}
    kept = KnowledgeImport(
        operator_id=operator_id,
        file_name=file_name[:200],
        created_at=uow.now,
        stored_lines=[_compared(line, entries.get(line.slug), units) for line in lines],
    )
    uow.session.add(kept)
    uow.session.flush()  # the page is found by its id
    return kept


def take_in(
    uow: UnitOfWork, import_id: int, *, operator_id: int, is_submitted: bool
) -> list[Change]:
    """Make a change of every line that adds or changes something; all of them or none."""
    found = queries.get_import(uow.session, import_id, operator_id=operator_id)
    changes = []
    for line in found.lines:
        if line.outcome in _TAKEN_IN and line.content is not None:
            change = draft_change(
                uow,
                line.content,
                author_id=operator_id,
                note=f"{found.file_name}",
                base_version=line.base_version,
            )
            if is_submitted:
                submit_change(uow, change.id, author_id=operator_id)
            changes.append(change)
    uow.announce(
        KnowledgeImported(
            at=uow.now,
            actor=operator_actor(operator_id),
            file_name=found.file_name,
            change_count=len(changes),
        )
    )
    uow.session.delete(found)
    return changes


def _compared(line: FileLine, entry: FaqEntry | None, units: set[str]) -> dict[str, Any]:
    problems, draft = list(line.problems), line.draft
    if draft is not None and draft.department_code not in units:
        problems.append(Problem("department_unknown", {"text": draft.department_code}))
        draft = None
    return {
        "place": line.place,
        "slug": line.slug,
        "outcome": _outcome(draft, entry).value,
        "problems": [asdict(problem) for problem in problems],
        "content": None if draft is None else draft.as_json(),
        "base_version": 0 if entry is None else entry.version,
    }


def _outcome(draft: EntryDraft | None, entry: FaqEntry | None) -> ImportOutcome:
    if draft is None:
        return ImportOutcome.REFUSED
    if entry is None:
        return ImportOutcome.ADDED
    is_live = entry.state is EntryState.PUBLISHED
    is_same = is_live and entry.content.as_json() == draft.as_json()
    return ImportOutcome.UNCHANGED if is_same else ImportOutcome.CHANGED
