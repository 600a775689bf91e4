"""Which forms of which change are at fault: copies of other questions, and what drew others away.

A form that reads or sounds almost like one of another question teaches the model a contradiction.
A form that the live model surely takes for another question is a witness; many of them in one
change are a poisoned edit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from nlu.ngrams import NgramSpace
from nlu.ranker import Form
from nlu.text import normalise
from nlu.trainer.gate import Difference
from nlu.trainer.hearing import hear
from nlu.trainer.packages import Reader
from nlu.trainer.questions import Change, Entry, Store

# Of all 4,608 forms of the desk no two of different labels are nearer than 0.84 by the n-grams
# of characters and syllables; a form with one word more is 0.88 from itself.
NEAR = 0.86
# So many forms of one change, and so large a part of them, claimed for one other question.
CLAIMED_FORMS = 2
CLAIMED_SHARE = 0.5
# The nearest forms of a change to a question that went wrong are named as its cause.
NAMED_CAUSES = 3
DRAWN = 0.2

SAME, NEAR_TO, CLAIMED, DREW, REMOVED = (
    "same_as", "near_to", "claimed_by", "drew_away", "removed",
)  # fmt: skip


@dataclass(frozen=True)
class Suspect:
    """A form of a change, why it is suspected, and the other label with its nearest form."""

    change: str
    slug: str
    form: str
    reason: str
    other: str
    beside: str


@dataclass(frozen=True)
class Added:
    change: Change
    forms: tuple[str, ...]


def added_forms(before: Store, changes: Iterable[Change]) -> list[Added]:
    """Return what each change teaches that was not taught before."""
    known = {entry.slug: {_key(form) for form in entry.forms} for entry in before.entries}
    return [
        Added(
            change,
            tuple(
                form
                for form in change.entry.forms
                if _key(form) not in known.get(change.slug, set())
            ),
        )
        for change in changes
        if change.entry is not None
    ]


def removed_forms(before: Store, changes: Iterable[Change]) -> dict[str, list[str]]:
    """Return, by entry, what was taught before and no longer is."""
    known = {entry.slug: entry.forms for entry in before.entries}
    kept = {
        change.slug: {_key(form) for form in change.entry.forms}
        for change in changes
        if change.entry is not None
    }
    return {
        slug: [form for form in known.get(slug, ()) if _key(form) not in keys]
        for slug, keys in kept.items()
    }


class Nearness:
    """How near forms are to each other by characters and by sound."""

    def __init__(self, forms: Sequence[Form]) -> None:
        self._forms = forms
        self._labels = np.array([form.label for form in forms])
        read = [normalise(form.text) for form in forms]
        self._space = NgramSpace.of(read)
        self._matrix: sparse.csr_matrix = self._space.matrix(read)

    def nearest_of_others(self, text: str, label: str) -> tuple[Form, float] | None:
        found = (self._matrix @ self._space.matrix([normalise(text)]).T).toarray()[:, 0]
        found[self._labels == label] = -1
        if not found.size or found.max() < 0:
            return None
        best = int(found.argmax())
        return self._forms[best], float(found[best])

    def between(self, text: str, others: Sequence[str]) -> list[float]:
        rows = self._space.matrix([normalise(other) for other in others])
        return list((rows @ self._space.matrix([normalise(text)]).T).toarray()[:, 0])


def copies(added: Sequence[Added], store: Store) -> list[Suspect]:
    """Return forms that read or sound like one of another label."""
    nearness = Nearness(store.forms)
    found = []
    for one in added:
        for form in one.forms:
            nearest = nearness.nearest_of_others(form, f"faq/{one.change.slug}")
            if nearest is None or nearest[1] < NEAR:
                continue
            other, _ = nearest
            reason = SAME if _key(other.text) == _key(form) else NEAR_TO
            found.append(
                Suspect(one.change.id, one.change.slug, form, reason, other.label, other.text)
            )
    return found


def claimed(added: Sequence[Added], before: Store, after: Store, live: Reader) -> list[Suspect]:
    """Return the forms of each change that the live model surely takes for one other question.

    Nothing is held against a change that is the first to tell two questions apart, nor against
    forms that were moved from one entry to another.
    """
    known = {entry.slug for entry in before.entries}
    kept = {(form.label, _key(form.text)) for form in after.forms}
    nearness = Nearness(before.forms)
    found: list[Suspect] = []
    for one in added:
        if one.change.slug not in known:
            continue
        own, witnesses = f"faq/{one.change.slug}", []
        for form in one.forms:
            heard = hear(live, form)
            if not heard.acts or heard.answered == own:
                continue
            nearest = nearness.nearest_of_others(form, own)
            beside = nearest[0] if nearest else None
            if beside is not None and (beside.label, _key(beside.text)) not in kept:
                continue
            shown = beside.text if beside is not None and beside.label == heard.answered else ""
            witnesses.append(
                Suspect(one.change.id, one.change.slug, form, CLAIMED, heard.answered or "", shown)
            )
        if not witnesses:
            continue
        [(_, count)] = Counter(witness.other for witness in witnesses).most_common(1)
        if count >= CLAIMED_FORMS and count >= CLAIMED_SHARE * len(one.forms):
            found += witnesses
    return found


def causes(
    worse: Iterable[Difference], added: Sequence[Added], before: Store, changes: Sequence[Change]
) -> list[Suspect]:
    """Return the forms nearest to the questions that went wrong, of the changes that drew them.

    A question was drawn by the change of what it is now taken for. Where that was not changed,
    the right entry itself lost what it was known by: the forms taken out of it are named.
    """
    by_slug: dict[str, list[str]] = {}
    for added_by in added:
        by_slug.setdefault(added_by.change.slug, []).extend(added_by.forms)
    removed = removed_forms(before, changes)
    changed = {change.slug: change for change in changes}
    nearness = Nearness(before.forms) if before.entries else None
    found: dict[tuple[str, str], Suspect] = {}
    for one in worse:
        taken_for = [one.after.answered, *one.after.offered, one.after.best]
        slugs = [label.partition("/")[2] for label in taken_for if label and "/" in label]
        right = [label.partition("/")[2] for label in one.asked.labels]
        guilty = [slug for slug in slugs if slug in changed and slug not in right][:1]
        for slug in guilty or [slug for slug in right if slug in changed]:
            lost = [] if guilty else removed.get(slug, [])
            forms = lost or by_slug.get(slug, [])
            near = nearness.between(one.asked.text, forms) if nearness and forms else []
            ranked = sorted(zip(near, forms, strict=True), reverse=True)[:NAMED_CAUSES]
            named = [form for score, form in ranked if score >= DRAWN] or forms[:1] or [""]
            change, reason = changed[slug], REMOVED if lost else DREW
            for form in named:
                other = one.asked.labels[0] if one.asked.labels else ""
                found.setdefault(
                    (change.id, form),
                    Suspect(change.id, slug, form, reason, other, one.asked.text),
                )
    return list(found.values())


def changes_between(before: Store, after: Store) -> list[Change]:
    """Return what differs between two stores, for what no editor's change answers for."""
    old = {entry.slug: entry for entry in before.entries}
    new = {entry.slug: entry for entry in after.entries}
    differing = [slug for slug in {**old, **new} if _told(old.get(slug)) != _told(new.get(slug))]
    return [Change("", slug, new.get(slug)) for slug in differing]


def _told(entry: Entry | None) -> object:
    return entry and (entry.topic, sorted(entry.forms))


def _key(form: str) -> str:
    return normalise(form).replace(" ", "")
