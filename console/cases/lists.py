"""The list of cases as it was asked for: a page of rows, and how many there are of each state."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from console.cases import clocks, steps
from console.cases.access import unit_of
from console.cases.clocks import SOON_WORKING_DAYS, Clock
from console.context import CurrentOperator
from console.entered import cleaned, row_id
from core.cases import queries
from core.cases.queries import CaseFilter
from core.cases.states import CaseSource, CaseState
from core.departments import queries as departments
from core.operators import queries as operators
from core.unit_of_work import UnitOfWork

PAGE = 25
MAX_WORDS = 60


@dataclass(frozen=True)
class Wish:
    """What was asked for in the address; what makes no sense there is left out."""

    state: CaseState | None = None
    unit: int | None = None
    source: CaseSource | None = None
    due: str = ""  # overdue, today, soon
    mine: str = ""  # todo: waits for somebody like me; handled: in my own hands
    words: str = ""
    page: int = 1

    @classmethod
    def read(cls, args: "MultiDict[str, str]") -> "Wish":
        state = args.get("state", "")
        return cls(
            state=CaseState(state) if state in set(CaseState) else None,
            unit=args.get("unit", type=row_id),
            source=CaseSource(source)
            if (source := args.get("source")) in set(CaseSource)
            else None,
            due=due if (due := args.get("due", "")) in {"overdue", "today", "soon"} else "",
            mine=mine if (mine := args.get("mine", "")) in {"todo", "handled"} else "",
            words=cleaned(args.get("words"))[:MAX_WORDS],
            page=max(1, args.get("page", 1, type=int)),
        )

    def args(self, **changed: Any) -> dict[str, Any]:
        """Return the address of the same wish with something changed; page one unless named."""
        wish = replace(self, **({"page": 1} | changed))
        given = {
            "state": wish.state.value if wish.state else None,
            "unit": wish.unit,
            "source": wish.source.value if wish.source else None,
            "due": wish.due or None,
            "mine": wish.mine or None,
            "words": wish.words or None,
            "page": wish.page if wish.page > 1 else None,
        }
        return {name: value for name, value in given.items() if value is not None}

    @property
    def is_narrowed(self) -> bool:
        return bool(self.unit or self.source or self.due or self.mine or self.words)


@dataclass(frozen=True)
class Row:
    case: Any
    clock: Clock
    handler: str


@dataclass(frozen=True)
class Listing:
    rows: list[Row]
    total: int
    counts: Mapping[CaseState, int]
    page: int
    pages: int


def listing(uow: UnitOfWork, wish: Wish, who: CurrentOperator) -> Listing:
    """Look for what was wished among what the operator may see."""
    wanted = _filter(uow, wish, who)
    counts = queries.counts(uow.session, wanted)
    if wish.state is not None and wanted.states and wish.state not in wanted.states:
        return Listing([], 0, counts, page=1, pages=1)
    chosen = wanted if wish.state is None else replace(wanted, states=[wish.state])
    total = queries.count(uow.session, chosen)
    pages = max(1, -(-total // PAGE))
    page = min(wish.page, pages)
    found = queries.listed(uow.session, chosen, limit=PAGE, offset=(page - 1) * PAGE)
    names = operators.names(uow.session, {case.handler_id for case in found if case.handler_id})
    rows = [
        Row(
            case,
            clocks.answer_clock(case, uow.today, uow.office.calendar),
            names.get(case.handler_id or 0, ""),
        )
        for case in found
    ]
    return Listing(rows, total, counts, page, pages)


def count_todo(uow: UnitOfWork, who: CurrentOperator) -> int:
    """Return how many cases wait for somebody with this operator's permissions."""
    states = steps.states_with_work(who)
    if not states:
        return 0
    return queries.count(uow.session, CaseFilter(states=states, department_id=unit_of(who)))


def _filter(uow: UnitOfWork, wish: Wish, who: CurrentOperator) -> CaseFilter:
    due_from, due_until = _due_dates(uow, wish)
    return CaseFilter(
        states=steps.states_with_work(who) if wish.mine == "todo" else frozenset(),
        department_id=unit_of(who),
        department_ids=departments.ids_below(uow.session, wish.unit) if wish.unit else (),
        sources=[wish.source] if wish.source else (),
        handler_id=who.id if wish.mine == "handled" else None,
        words=wish.words,
        overdue_on=uow.today if wish.due == "overdue" else None,
        due_from=due_from,
        due_until=due_until,
    )


def _due_dates(uow: UnitOfWork, wish: Wish) -> tuple[date | None, date | None]:
    if wish.due == "today":
        return uow.today, uow.today
    if wish.due == "soon":
        return uow.today, uow.office.calendar.due_date(uow.today, SOON_WORKING_DAYS).on
    return None, None
