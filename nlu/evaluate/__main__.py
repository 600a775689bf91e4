"""`make eval`: figures of understanding, ours beside the peers', as a table and as JSON.

Without arguments the project's own sets; with `--train` and `--test`, or `--kb` and `--queries`,
any other; with `--public`, the public sets of a folder one after the other.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from nlu.evaluate import line_files, metrics, project_sets, public_sets, report
from nlu.evaluate.cache import Cache
from nlu.evaluate.pipelines import CHOICES, ROOT, Pipeline, chosen
from nlu.evaluate.rows import BadEvaluationData, EvaluationSet, Lesson
from nlu.evaluate.running import MeasuringFailed, Run, run
from nlu.training_data import BadTrainingData

SHOWN_PROBLEMS = 50
MAIN_SET = "test"


def main(arguments: Sequence[str] | None = None) -> int:
    wanted = _arguments(arguments)
    misuse = _misuse(wanted)
    if misuse:
        _say(f"make eval：{misuse}")
        return 2
    try:
        pipelines = chosen(wanted.peers, fast=wanted.fast)
        cache = Cache(wanted.cache)
        if wanted.public:
            found: dict[str, Any] = {"sets": {}}
            for name, lesson, measured in public_sets.read(wanted.public):
                found["sets"][name] = _evaluate(lesson, [measured], pipelines, cache)
        else:
            lesson, sets = _read(wanted)
            found = _evaluate(lesson, sets, pipelines, cache)
    except (BadTrainingData, BadEvaluationData) as bad:
        _tell_problems(bad.problems)
        return 2
    except MeasuringFailed as failed:
        _say(str(failed))
        return 1
    except KeyboardInterrupt:
        _say("被中断；同行已经练好的部分留在缓存里。")
        return 1
    print(report.as_json(found))
    return 0


def _read(wanted: argparse.Namespace) -> tuple[Lesson, list[EvaluationSet]]:
    if wanted.train:
        lesson, measured = line_files.read_sentences(wanted.train, wanted.test)
        return lesson, [measured]
    if wanted.kb:
        lesson, measured = line_files.read_questions(
            wanted.kb, wanted.queries, wanted.near_oos, wanted.far_oos
        )
        return lesson, [measured]
    return project_sets.read(wanted.data)


def _evaluate(
    lesson: Lesson,
    sets: Sequence[EvaluationSet],
    pipelines: Sequence[Pipeline],
    cache: Cache,
) -> dict[str, Any]:
    texts = list(dict.fromkeys(text for measured in sets for text in measured.all_texts))
    runs = []
    for pipeline in pipelines:
        patience = "（没有缓存时要训练几分钟到几十分钟）" if pipeline.is_slow else ""
        _say(f"{pipeline.title}：学 {lesson.data.form_count} 句，答 {len(texts)} 句{patience} …")
        runs.append(run(pipeline, lesson, texts, cache))
    figures = {measured.name: _figures(measured, runs) for measured in sets}
    for measured in sets:
        print(report.tables(measured, figures[measured.name], runs))
    titles = {run.pipeline.name for run in runs}
    left_out = [each.title for each in CHOICES["all"] if each.name not in titles]
    print(*("", *report.notes(runs, left_out, lesson.notes)), sep="\n", flush=True)
    return _summary(figures, runs, left_out)


def _figures(measured: EvaluationSet, runs: Iterable[Run]) -> dict[str, dict[str, Any]]:
    return {
        run.pipeline.name: {**metrics.figures(measured, run.understandings), **run.costs()}
        for run in runs
    }


def _summary(
    figures: Mapping[str, Mapping[str, Mapping[str, Any]]],
    runs: Sequence[Run],
    left_out: Sequence[str],
) -> dict[str, Any]:
    """Return the figures of the main set by pipeline, those of any other set inside of them."""
    first = MAIN_SET if MAIN_SET in figures else next(iter(figures))
    others = [name for name in figures if name != first]
    return {
        "machine": report.machine(),
        "set": first,
        "left_out": list(left_out),
        "pipelines": {
            name: {**found, **{other: figures[other][name] for other in others}}
            for name, found in figures[first].items()
        },
    }


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make eval", description="评测理解")
    parser.add_argument("--train", type=Path, metavar="TRAIN")
    parser.add_argument("--test", type=Path, metavar="TEST")
    parser.add_argument("--kb", type=Path, metavar="KB")
    parser.add_argument("--queries", type=Path, metavar="QUERIES")
    parser.add_argument("--near-oos", type=Path, metavar="NEAR_OOS")
    parser.add_argument("--far-oos", type=Path, metavar="FAR_OOS")
    parser.add_argument("--public", type=Path, metavar="PUBLIC")
    parser.add_argument("--peers", default="all", metavar="PEERS")
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--data", type=Path, default=ROOT / "nlu_data")
    parser.add_argument("--cache", type=Path, default=ROOT / ".data" / "eval-cache")
    return parser.parse_args(arguments)


def _misuse(wanted: argparse.Namespace) -> str | None:
    if wanted.peers not in CHOICES:
        return f"PEERS 只能是 {'、'.join(CHOICES)}，不能是“{wanted.peers}”"
    if bool(wanted.train) != bool(wanted.test):
        return "TRAIN 和 TEST 要一起给出"
    if bool(wanted.kb) != bool(wanted.queries):
        return "KB 和 QUERIES 要一起给出"
    if (wanted.near_oos or wanted.far_oos) and not wanted.kb:
        return "NEAR_OOS 和 FAR_OOS 只能和 KB、QUERIES 一起用"
    if sum(map(bool, (wanted.train, wanted.kb, wanted.public))) > 1:
        return "TRAIN、KB、PUBLIC 只能选一种"
    return None


def _tell_problems(problems: Sequence[str]) -> None:
    _say("数据有问题，没有评测：")
    for problem in problems[:SHOWN_PROBLEMS]:
        _say(f"  {problem}")
    if len(problems) > SHOWN_PROBLEMS:
        _say(f"  …… 还有 {len(problems) - SHOWN_PROBLEMS} 处")


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
