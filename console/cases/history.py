"""What happened to a case, told in sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from console import wording
from core import event_log
from core.cases.states import CaseClass, CaseKind, CaseSource, Priority, Rating, RejectionReason
from core.clock import written_date
from core.departments import queries as departments
from core.operators import queries as operators
from core.unit_of_work import UnitOfWork

# Facts of events that are values of an enumeration.
NAMED: dict[tuple[str, str], type[StrEnum]] = {
    ("CaseSubmitted", "kind"): CaseKind,
    ("CaseSubmitted", "source"): CaseSource,
    ("CaseAccepted", "case_class"): CaseClass,
    ("CaseAccepted", "priority"): Priority,
    ("CaseRejected", "reason"): RejectionReason,
    ("CaseRated", "rating"): Rating,
}
# A citizen's own deed, by whichever program it was put on record.
DONE_BY_CITIZENS = frozenset({"CaseSubmitted", "CaseRated", "InformationAdded"})


@dataclass(frozen=True)
class Told:
    event: str
    at: datetime
    who: str
    unit: str
    sentence: str
    quote: str
    icon: str
    tone: str


def tell(uow: UnitOfWork, number: str) -> list[Told]:
    """Return the history of the case, newest first."""
    events = event_log.history(uow.session, f"case:{number}")
    people = {each: operators.get(uow.session, each) for each in _operator_ids(events)}
    units = {each.id: each.name for each in departments.all_departments(uow.session)}
    return [_tell(event, people, units) for event in reversed(events)]


def _tell(event: Any, people: Mapping[int, Any], units: dict[int, str]) -> Told:
    telling = wording.history().get(event.type, {})
    is_by_operator = event.actor.startswith("operator:")
    sentence = telling.get("by_operator") if is_by_operator else None
    facts = _facts(event, people, units)
    who, unit = _who(event, people)
    return Told(
        event=event.type,
        at=event.at,
        who=who,
        unit=unit,
        sentence=(sentence or telling.get("sentence", event.type)).format_map(facts),
        quote=_quote(event, facts.get(telling.get("quote", ""), "")),
        icon=telling.get("icon", "point"),
        tone=telling.get("tone", "grey"),
    )


def _quote(event: Any, words: str) -> str:
    count = event.data.get("photos", 0)
    if not count:
        return words
    return "\n".join(filter(None, [words, wording.phrase("with_photos").format(count=count)]))


def _facts(event: Any, people: Mapping[int, Any], units: dict[int, str]) -> dict[str, str]:
    facts = {}
    for name, value in event.data.items():
        enumeration = NAMED.get((event.type, name))
        if enumeration is not None:
            facts[name] = wording.label(enumeration(value))
        elif name == "due_on":
            facts[name] = written_date(date.fromisoformat(value))
        elif name == "department_id":
            facts["department"] = units.get(value, "")
        elif name == "handler_id":
            facts["handler"] = people[value].display_name
        elif name == "is_provisional":
            facts["provisional"] = wording.phrase("provisional") if value else ""
        elif name == "is_designated":
            facts["designated"] = wording.phrase("designated") if value else ""
        else:
            facts[name] = str(value)
    return facts


def _who(event: Any, people: Mapping[int, Any]) -> tuple[str, str]:
    """Return name and unit of whoever did it."""
    kind, _, identity = event.actor.partition(":")
    if kind == "operator":
        operator = people[int(identity)]
        return operator.display_name, operator.department.name
    if kind == "citizen" or event.type in DONE_BY_CITIZENS:
        return wording.phrase("citizen"), ""
    return wording.phrase("bot" if kind == "bot" else "system"), ""


def _operator_ids(events: Any) -> set[int]:
    actors = [event.actor.partition(":") for event in events]
    return {int(identity) for kind, _, identity in actors if kind == "operator"} | {
        event.data["handler_id"] for event in events if event.data.get("handler_id")
    }
