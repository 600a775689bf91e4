"""The list of entries as it was asked for, with how well each covers and answers its matter."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from time import monotonic
from typing import Any

from flask import current_app
from werkzeug.datastructures import MultiDict

from console.entered import cleaned, row_id
from core.conversations import quality
from core.conversations.quality import Quality
from core.departments import queries as departments
from core.knowledge import queries
from core.knowledge.queries import EntryFilter
from core.knowledge.states import EntryScope, EntryState
from core.unit_of_work import UnitOfWork

REVIEW_AHEAD = timedelta(days=30)
COUNTED = timedelta(days=30)
FEWEST_VARIANTS = 10
QUALITY_SECONDS = 60.0
PAGE = 30
MAX_WORDS = 60
LACKS = ("references", "variants", "review")


@dataclass(frozen=True)
class Row:
    entry: Any
    quality: Quality
    open_changes: int


SORTS: dict[str, Callable[[Row], Any]] = {
    "asked": lambda row: (-row.quality.asked, row.entry.id),
    "missed": lambda row: (-(row.quality.missed + row.quality.offered), row.entry.id),
    "unhelpful": lambda row: (-row.quality.unhelpful, row.entry.id),
    "variants": lambda row: (len(row.entry.variants), row.entry.id),
    "review": lambda row: (row.entry.review_by, row.entry.id),
    "changed": lambda row: (-row.entry.updated_at.timestamp(), row.entry.id),
}


@dataclass(frozen=True)
class Wish:
    """What was asked for in the address; what makes no sense there is left out."""

    topic: str = ""
    unit: int | None = None
    scope: EntryScope | None = None
    state: EntryState | None = None
    lacks: str = ""
    is_due: bool = False
    is_people_only: bool = False
    is_changing: bool = False
    words: str = ""
    sort: str = ""
    page: int = 1

    @classmethod
    def read(cls, args: "MultiDict[str, str]") -> "Wish":
        scope, state, lacks = (args.get(name, "") for name in ("scope", "state", "lacks"))
        return cls(
            topic=args.get("topic", "")[:40],
            unit=args.get("unit", type=row_id),
            scope=EntryScope(scope) if scope in set(EntryScope) else None,
            state=EntryState(state) if state in set(EntryState) else None,
            lacks=lacks if lacks in LACKS else "",
            is_due=args.get("due") == "yes",
            is_people_only=args.get("people") == "yes",
            is_changing=args.get("changing") == "yes",
            words=cleaned(args.get("words"))[:MAX_WORDS],
            sort=sort if (sort := args.get("sort", "")) in SORTS else "",
            page=min(max(1, args.get("page", 1, type=int)), 10_000),
        )

    def args(self, **changed: Any) -> dict[str, Any]:
        """Return the address of the same wish with something changed; page one unless named."""
        wish = replace(self, **({"page": 1} | changed))
        given: dict[str, Any] = {
            "topic": wish.topic,
            "unit": wish.unit,
            "scope": wish.scope.value if wish.scope else "",
            "state": wish.state.value if wish.state else "",
            "lacks": wish.lacks,
            "due": "yes" if wish.is_due else "",
            "people": "yes" if wish.is_people_only else "",
            "changing": "yes" if wish.is_changing else "",
            "words": wish.words,
            "sort": wish.sort,
            "page": wish.page if wish.page > 1 else "",
        }
        return {name: value for name, value in given.items() if value}

    @property
    def is_narrowed(self) -> bool:
        return bool(self.args(sort="", topic="", page=1))


@dataclass(frozen=True)
class Listing:
    rows: list[Row]
    total: int
    page: int
    pages: int


def listing(uow: UnitOfWork, wish: Wish) -> Listing:
    changing: dict[str, int] = {}
    for change in queries.open_changes(uow.session):
        changing[change.slug] = changing.get(change.slug, 0) + 1
    figures = quality_of_entries(uow)
    rows = [
        Row(entry, figures.get(entry.slug, Quality()), changing.get(entry.slug, 0))
        for entry in queries.listed(uow.session, _filter(uow, wish, changing))
    ]
    if wish.sort:
        rows.sort(key=SORTS[wish.sort])
    pages = max(1, -(-len(rows) // PAGE))
    page = min(wish.page, pages)
    return Listing(rows[(page - 1) * PAGE : page * PAGE], len(rows), page, pages)


def quality_of_entries(uow: UnitOfWork) -> Mapping[str, Quality]:
    """Return the figures of the last 30 days, counted anew after a minute at the earliest."""
    kept = current_app.extensions.get("knowledge_quality")
    if kept is None or monotonic() - kept[0] > QUALITY_SECONDS:
        kept = (monotonic(), quality.of_entries(uow.session, since=uow.now - COUNTED))
        current_app.extensions["knowledge_quality"] = kept
    figures: Mapping[str, Quality] = kept[1]
    return figures


def _filter(uow: UnitOfWork, wish: Wish, changing: Mapping[str, int]) -> EntryFilter:
    review_before = None
    if wish.is_due:
        review_before = uow.today + REVIEW_AHEAD + timedelta(days=1)
    elif wish.lacks == "review":
        review_before = uow.today
    return EntryFilter(
        words=wish.words,
        topic=wish.topic,
        department_ids=departments.ids_below(uow.session, wish.unit) if wish.unit else (),
        scope=wish.scope,
        state=wish.state,
        review_before=review_before,
        is_people_only=True if wish.is_people_only else None,
        slugs=list(changing) if wish.is_changing else None,
        lacks_references=wish.lacks == "references",
        fewer_variants_than=FEWEST_VARIANTS if wish.lacks == "variants" else None,
    )


def topic_titles(uow: UnitOfWork) -> dict[str, str]:
    return {code: title for code, title, _ in queries.topics(uow.session)}


def unit_names(uow: UnitOfWork) -> dict[str, str]:
    return {unit.code: unit.name for unit in departments.all_departments(uow.session)}


def coverage(uow: UnitOfWork) -> Sequence[queries.TopicCoverage]:
    return queries.coverage(uow.session, today=uow.today, fewest_variants=FEWEST_VARIANTS)
