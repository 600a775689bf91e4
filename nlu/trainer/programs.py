"""A model newly trained from the files, measured beside the live one as citizens would get it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nlu.ranker import QuestionRanker
from nlu.trainer import gate, hearing, packages, questions, report
from nlu.trainer.folder import ModelFolder
from nlu.trainer.packages import BadModel, Reader
from nlu.trainer.questions import Store


def compare_program(models: ModelFolder, made: Path, nlu_data: Path) -> dict[str, Any]:
    """Return the gate's report; where nothing can be compared it says so, and why."""
    live = models.live()
    if live is None:
        return _uncompared("还没有线上模型。")
    try:
        before = packages.read(live)
        hearing.hear(before, "你好")
    except BadModel as error:
        return _uncompared(f"线上模型已损坏，或属于另一版本的程序（{error}）。")
    data = questions.files(nlu_data)
    released = models.release(packages.version_of(live))
    store, after = Store.of_files(data), packages.read(made)
    if released is not None and not released.is_bootstrap:
        store = questions.parse(released.entries, data)
        after = _relearnt(store, made)
    asked = hearing.read_sets(nlu_data / "evaluation")
    asked = hearing.that_can_be_answered(asked, store.labels)
    heard = hearing.hear_all(before, asked), hearing.hear_all(after, asked)
    times = hearing.milliseconds([before, after], [one.text for one in asked])
    both = gate.Comparison(asked, *heard, (times[0], times[1]))
    verdicts = gate.judge(both)
    is_passed = all(verdict.is_passed for verdict in verdicts.values())
    return {
        "verdict": "passed" if is_passed else "refused",
        "against": packages.version_of(live),
        "rules": report.of_rules(verdicts, store.labels),
        **report.of_comparison(both, store.labels),
    }


def _uncompared(why: str) -> dict[str, Any]:
    return {"verdict": "uncompared", "notes": [why]}


def _relearnt(store: Store, made: Path) -> Reader:
    config = packages.settings(made)
    return packages.reader(QuestionRanker.learn(store.forms, use_dense=config["dense"]), config)
