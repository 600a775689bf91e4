"""One training with its gate: learn, measure beside the live model, let through what is good."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

from nlu.ranker import QuestionRanker
from nlu.trainer import gate, hearing, packages, questions, report, suspects, vectors
from nlu.trainer.folder import ModelFolder, newest
from nlu.trainer.heard_before import HeardBefore
from nlu.trainer.hearing import Asked, Heard
from nlu.trainer.packages import BadModel, Reader
from nlu.trainer.questions import Change, Problem, Store
from nlu.trainer.suspects import Suspect

# Each round drops the changes at fault and tries again with the rest.
ROUNDS = 3
UNATTRIBUTED = ""
HEARD = "heard.json"

Tell = Callable[[str, int], None]


@dataclass(frozen=True)
class Places:
    """Where models lie, what the program itself was trained to, and its files."""

    models: ModelFolder
    base: Path
    nlu_data: Path


@dataclass
class Training:
    """`tell` is called with the name of each stage and how far the whole is, in percent."""

    places: Places
    tell: Tell
    seconds: dict[str, float] = field(default_factory=dict)
    _began: float = field(default_factory=perf_counter)
    _stage: str = ""

    def run(self, request: Mapping[str, Any], out: Path) -> dict[str, Any]:
        """Return the report; where the gate lets something through, the model lies at `out`."""
        with vectors.kept_in(self.places.models.vectors):
            return self._run(request, out)

    def _run(self, request: Mapping[str, Any], out: Path) -> dict[str, Any]:
        self._begin("validating", 3)
        base = newest(self.places.base)
        data = questions.files(self.places.nlu_data)
        given = questions.parse(request["entries"], data)
        changes = [Change.parse(change) for change in request["changes"]]
        live, before, notes = self._live(base, data)
        own = _own(suspects.changes_between(before, given), changes)
        withdrawn = [change for change in own if change.entry is None]
        if withdrawn:
            live, before = self._as_withdrawn(live, before.with_changes(withdrawn), base)
        all_changes = changes + [change for change in own if change.entry is not None]
        titles = before.labels | given.with_changes(changes).labels
        faults: dict[str, list[dict[str, Any]]] = defaultdict(list)
        kept, result, ranker = list(changes), None, None
        for attempt in range(ROUNDS):
            store = given.with_changes(kept)
            wanted = [one for one in all_changes if one.id == UNATTRIBUTED or one in kept]
            found = self._suspected(store, before, wanted, live, titles)
            if found:
                kept = _without(kept, found, faults)
                if found.get(UNATTRIBUTED) or (changes and not kept):
                    break
                store = given.with_changes(kept)
            ranker = self._learn(store, base, attempt)
            candidate = packages.reader(ranker, packages.settings(base))
            result = self._compare(candidate, live, store, attempt)
            verdicts = gate.judge(result)
            if all(verdict.is_passed for verdict in verdicts.values()):
                break
            worse = [one for verdict in verdicts.values() for one in verdict.worse]
            added = suspects.added_forms(before, kept)
            blamed = _by_change(suspects.causes(worse, added, before, kept), titles)
            ranker = None
            if not kept:
                break
            kept = _without(kept, blamed or _all(kept), faults)
            if not kept:
                break
        else:
            kept = _without(kept, _all(kept), faults)
        passed = not faults.get(UNATTRIBUTED) and result is not None and ranker is not None
        passed = passed and (bool(kept) or not changes)
        if passed:
            self._begin("packing", 92)
            packages.write(base, ranker, out)
            self._heard_before(result.asked).note(request["version"], result.after)
        self._begin("done", 100)
        verdict = ("partly" if faults else "passed") if passed else "refused"
        taught = given.with_changes(kept)
        return {
            "verdict": verdict,
            "against": live.version,
            "base": packages.version_of(base),
            "questions": len(taught.entries),
            "forms": sum(len(entry.forms) for entry in taught.entries),
            "fingerprint": taught.fingerprint,
            "released": [change.id for change in kept] if passed else [],
            "rules": report.of_rules(gate.judge(result), titles) if result else [],
            **(report.of_comparison(result, titles) if result else {}),
            "changes": report.of_changes(changes, faults, titles),
            "problems": faults.get(UNATTRIBUTED, []),
            "notes": notes,
            "seconds": self.seconds,
            "entries": [entry.plain() for entry in taught.entries] if passed else [],
        }

    # --- steps -----------------------------------------------------------------------------

    def _live(self, base: Path, data: Any) -> tuple[Live, Store, list[str]]:
        """Return the model to measure against: the live one, else that of the program."""
        notes = []
        live = self.places.models.live()
        if live is not None:
            known = self.places.models.release(packages.version_of(live))
            try:
                reader = packages.read(live)
            except BadModel:
                notes.append(f"线上模型文件 {live.name} 无法读取，与程序自带的模型比较。")
            else:
                store = questions.parse(known.entries, data) if known else Store.of_files(data)
                return Live(packages.version_of(live), reader), store, notes
        return Live(packages.version_of(base), packages.read(base)), Store.of_files(data), notes

    def _as_withdrawn(self, live: Live, before: Store, base: Path) -> tuple[Live, Store]:
        """Return the live model as it would be without the entries that people took out.

        They are out already; what that does to the model is not the fault of a change.
        """
        ranker = QuestionRanker.learn(before.forms, use_dense=packages.settings(base)["dense"])
        reader = packages.reader(ranker, packages.settings(base))
        return Live(live.version, reader, is_altered=True), before

    def _suspected(
        self,
        store: Store,
        before: Store,
        changes: Sequence[Change],
        live: Live,
        titles: Mapping[str, str],
    ) -> dict[str, list[dict[str, Any]]]:
        """Return what is wrong before anything is learnt, by change."""
        found: dict[str, list[dict[str, Any]]] = defaultdict(list)
        added = suspects.added_forms(before, changes)
        for problem in questions.problems(store):
            for change in _responsible(problem, changes, added):
                found[change] += report.of_problems([problem])
        if not found:
            shown = [
                *suspects.copies(added, store),
                *suspects.claimed(added, before, store, live.reader),
            ]
            for change, reasons in _by_change(shown, titles).items():
                found[change] += reasons
        return found

    def _learn(self, store: Store, base: Path, attempt: int) -> QuestionRanker:
        self._begin("learning", 15 + 15 * attempt)
        return QuestionRanker.learn(store.forms, use_dense=packages.settings(base)["dense"])

    def _compare(
        self, candidate: Reader, live: Live, store: Store, attempt: int
    ) -> gate.Comparison:
        self._begin("measuring", 45 + 15 * attempt)
        asked = hearing.read_sets(self.places.nlu_data / "evaluation")
        asked = hearing.that_can_be_answered(asked, store.labels)
        live_heard = self._heard_of_live(live, asked)
        after = hearing.hear_all(candidate, asked)
        self._begin("timing", 60 + 10 * attempt)
        before_ms, after_ms = hearing.milliseconds(
            [live.reader, candidate], list(dict.fromkeys(one.text for one in asked))
        )
        return gate.Comparison(asked, live_heard, after, (before_ms, after_ms))

    def _heard_of_live(self, live: Live, asked: Sequence[Asked]) -> dict[str, Heard]:
        if live.is_altered:
            return hearing.hear_all(live.reader, asked)
        known = self._heard_before(asked)
        heard = known.of(live.version)
        if heard is None:
            heard = hearing.hear_all(live.reader, asked)
            known.note(live.version, heard)
        return heard

    def _heard_before(self, asked: Sequence[Asked]) -> HeardBefore:
        base = packages.version_of(newest(self.places.base))
        return HeardBefore(self.places.models.path / HEARD, base=base, asked=asked)

    def _begin(self, stage: str, percent: int) -> None:
        now = perf_counter()
        if self._stage:
            spent = self.seconds.get(self._stage, 0.0) + now - self._began
            self.seconds[self._stage] = round(spent, 2)
        self._stage, self._began = stage, now
        self.tell(stage, percent)


@dataclass
class Live:
    version: str
    reader: Reader
    is_altered: bool = False  # not what the version names: entries were taken out of it


def _own(found: Sequence[Change], changes: Sequence[Change]) -> list[Change]:
    """Return the differences that no editor's change answers for."""
    slugs = {change.slug for change in changes}
    return [change for change in found if change.slug not in slugs]


def _responsible(
    problem: Problem, changes: Sequence[Change], added: Sequence[suspects.Added]
) -> list[str]:
    """Return the changes that brought the problem in; none of them means the store had it."""
    brought = [
        one.change.id
        for one in added
        if one.change.slug in problem.slugs and set(one.forms) & set(problem.forms)
    ]
    touched = [change.id for change in changes if change.slug in problem.slugs]
    return brought or touched or [UNATTRIBUTED]


def _by_change(
    found: Sequence[Suspect], titles: Mapping[str, str]
) -> dict[str, list[dict[str, Any]]]:
    grouped: dict[str, list[Suspect]] = defaultdict(list)
    for one in found:
        grouped[one.change].append(one)
    return {change: report.of_suspects(group, titles) for change, group in grouped.items()}


def _all(changes: Sequence[Change]) -> dict[str, list[dict[str, Any]]]:
    text = "与其他修改一起使模型变差，无法确定是哪一条问法造成的"
    reason = {"form": "", "reason": "together", "other": "", "beside": "", "text": text}
    return {change.id: [reason] for change in changes}


def _without(
    kept: Sequence[Change],
    found: Mapping[str, list[dict[str, Any]]],
    faults: dict[str, list[dict[str, Any]]],
) -> list[Change]:
    for change, reasons in found.items():
        faults[change] += reasons
    return [change for change in kept if change.id not in found]
