"""The question store as the desk sends it, laid over the files, checked before it is learnt."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nlu import training_data
from nlu.ranker import Form
from nlu.text import normalise
from nlu.training_data import TrainingData, one_line

# Fewer forms of a question leave nothing to tell it by; the files of the project ask for more.
FEWEST_FORMS = 3

Labels = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Entry:
    """A question of the FAQ in all its forms, the canonical one first."""

    slug: str
    topic: str
    forms: tuple[str, ...]

    @property
    def label(self) -> str:
        return f"faq/{self.slug}"

    @classmethod
    def parse(cls, given: Mapping[str, Any]) -> Entry:
        forms = (given["question"], *given["variants"])
        return cls(str(given["slug"]), str(given["topic"]), tuple(str(form) for form in forms))

    def plain(self) -> dict[str, Any]:
        question, *variants = self.forms
        return {
            "slug": self.slug,
            "topic": self.topic,
            "question": question,
            "variants": variants,
        }


@dataclass(frozen=True)
class Change:
    """What an approved change makes of one entry; None takes the entry out."""

    id: str
    slug: str
    entry: Entry | None

    @classmethod
    def parse(cls, given: Mapping[str, Any]) -> Change:
        entry = given.get("entry")
        return cls(str(given["id"]), str(given["slug"]), entry and Entry.parse(entry))


@dataclass(frozen=True)
class Store:
    """Everything the model learns: the questions, and the wishes that stay in the files."""

    entries: tuple[Entry, ...]
    wishes: Labels

    @classmethod
    def of_files(cls, data: TrainingData) -> Store:
        entries = tuple(Entry(part.slug, part.topic, part.forms) for part in data.questions)
        return cls(entries, _wishes(data))

    def with_changes(self, changes: Iterable[Change]) -> Store:
        entries = {entry.slug: entry for entry in self.entries}
        for change in changes:
            if change.entry is None:
                entries.pop(change.slug, None)
            else:
                entries[change.slug] = change.entry
        return Store(tuple(entries.values()), self.wishes)

    @property
    def forms(self) -> list[Form]:
        questions = [
            Form(one_line(form), entry.label, entry.topic)
            for entry in self.entries
            for form in entry.forms
        ]
        return questions + [
            Form(form, label, None) for label, forms in self.wishes.items() for form in forms
        ]

    @property
    def labels(self) -> dict[str, str]:
        """Every label with the words that people know it by."""
        return {entry.label: entry.forms[0] for entry in self.entries} | {
            label: label for label in self.wishes
        }

    @property
    def fingerprint(self) -> str:
        body = [[entry.slug, entry.topic, *entry.forms] for entry in self.entries]
        text = json.dumps([sorted(body), sorted(self.wishes.items())], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Problem:
    """Why the store must not be learnt, with the entries and forms it is about."""

    text: str
    slugs: tuple[str, ...] = ()
    forms: tuple[str, ...] = field(default=())


def files(nlu_data: Path) -> TrainingData:
    return training_data.load(nlu_data)


def parse(entries: Sequence[Mapping[str, Any]], data: TrainingData) -> Store:
    return Store(tuple(Entry.parse(entry) for entry in entries), _wishes(data))


def problems(store: Store) -> list[Problem]:
    """Tell everything that is wrong at once."""
    found = []
    if not store.entries:
        found.append(Problem("知识库里没有可以学习的问题"))
    for entry in store.entries:
        empty = tuple(form for form in entry.forms if not normalise(form))
        if empty:
            found.append(Problem("问法里没有文字", (entry.slug,), empty))
        if len({normalise(form) for form in entry.forms}) < FEWEST_FORMS:
            text = f"问法不足 {FEWEST_FORMS} 种（只有标点不同的算一种）"
            found.append(Problem(text, (entry.slug,), entry.forms[:1]))
    return found + _shared(store)


def _shared(store: Store) -> list[Problem]:
    """Tell every form that stands under two labels; no model can learn both."""
    owners: dict[str, dict[str, str]] = defaultdict(dict)
    for form in store.forms:
        owners[normalise(form.text).replace(" ", "")].setdefault(form.label, form.text)
    titles = store.labels
    return [
        Problem(
            "同一问法属于多个问题：" + "、".join(f"“{titles[label]}”" for label in found),
            tuple(label.partition("/")[2] for label in found if "/" in label),
            (next(iter(found.values())),),
        )
        for key, found in owners.items()
        if key and len(found) > 1
    ]


def _wishes(data: TrainingData) -> Labels:
    wishes: dict[str, tuple[str, ...]] = {}
    for wish in data.wishes:
        wishes[wish.intent] = (*wishes.get(wish.intent, ()), *wish.forms)
    return wishes
