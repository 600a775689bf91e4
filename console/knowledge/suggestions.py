"""Near and clashing question forms, from an index that is made anew when knowledge changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock

from flask import current_app

from core.knowledge import queries
from core.knowledge.similarity import NEAR, FormIndex, NearForm
from core.unit_of_work import UnitOfWork

MOST_CLASHES = 30


class Forms:
    """The index of this process, made anew as soon as a change is seen."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._stamp: tuple[object, ...] | None = None
        self._index = FormIndex([])

    def index(self, uow: UnitOfWork) -> FormIndex:
        stamp = queries.forms_stamp(uow.session)
        with self._lock:
            if stamp != self._stamp:
                self._index = FormIndex(queries.forms(uow.session))
                self._stamp = stamp
            return self._index


@dataclass(frozen=True)
class Clash:
    """A form of this entry, and one of another that says nearly or exactly the same."""

    text: str
    near: NearForm


def index(uow: UnitOfWork) -> FormIndex:
    forms: Forms = current_app.extensions.setdefault("knowledge_forms", Forms())
    return forms.index(uow)


def near(
    uow: UnitOfWork, text: str, *, slug: str, change_id: int | None
) -> tuple[list[NearForm], list[NearForm]]:
    """Return near forms of other entries, and of this one; the line itself is left out."""
    others, own = [], []
    for found in index(uow).near(text, limit=12):
        if found.form.slug != slug:
            others.append(found)
        elif not found.is_same and found.form.change_id != change_id:
            own.append(found)
    return others[:5], own[:3]


def clashes(uow: UnitOfWork, texts: Iterable[str], *, slug: str) -> Sequence[Clash]:
    """Return the nearest form of another entry for each line that has one."""
    forms = index(uow)
    found = []
    for text in texts:
        nearest = next(
            (each for each in forms.near(text, least=NEAR) if each.form.slug != slug), None
        )
        if nearest is not None:
            found.append(Clash(text, nearest))
    found.sort(key=lambda clash: (not clash.near.is_same, -clash.near.likeness))
    return found[:MOST_CLASHES]
