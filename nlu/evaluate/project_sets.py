"""The project's own evaluation sets, from nlu_data/evaluation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from nlu import training_data
from nlu.evaluate.rows import (
    FAR,
    NEAR,
    OUT_OF_SCOPE,
    PLAIN,
    BadEvaluationData,
    EvaluationSet,
    Lesson,
    Row,
)
from nlu.evaluate.typos import typo_versions

TITLES = {"test": "测试集", "development": "开发集"}
GOLD, MUST_REFUSE = "gold", "must_refuse"


def read(nlu_data: Path) -> tuple[Lesson, list[EvaluationSet]]:
    """Read what is there; raise BadEvaluationData with all that is wrong at once."""
    data = training_data.load(nlu_data)
    labels = {
        *(f"faq/{question.slug}" for question in data.questions),
        *(wish.intent for wish in data.wishes),
    }
    problems: list[str] = []
    folder = nlu_data / "evaluation"
    found = {
        name: tuple(_rows(folder / f"{name}.yml", labels, problems))
        for name in (*TITLES, OUT_OF_SCOPE, GOLD, MUST_REFUSE)
    }
    if problems:
        raise BadEvaluationData(problems)
    sets = [
        EvaluationSet(
            name,
            title,
            found[name] + found[OUT_OF_SCOPE],
            gold=found[GOLD],
            must_refuse=found[MUST_REFUSE],
        )
        for name, title in TITLES.items()
        if found[name]
    ]
    if not sets:
        raise BadEvaluationData([f"{folder} 里没有 test.yml 或 development.yml，没有可评测的内容"])
    return Lesson(data, {label: label for label in labels}, nlu_data), sets


def _rows(file: Path, labels: set[str], problems: list[str]) -> Iterator[Row]:
    if not file.exists():
        return
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        problems.append(f"{file.name}：不是有效的 YAML（{' '.join(str(error).split())}）")
        return
    if not isinstance(content, list):
        problems.append(f"{file.name}：应当是一个列表")
        return
    for place, entry in enumerate(content, start=1):
        wrong = list(_problems_of(entry, labels))
        problems += [f"{file.name} 第 {place} 条：{problem}" for problem in wrong]
        if not wrong:
            yield _row(entry)


def _problems_of(entry: Any, labels: set[str]) -> Iterator[str]:
    if not isinstance(entry, dict):
        yield "不是一个条目"
        return
    if not isinstance(entry.get("text"), str) or not entry["text"].strip():
        yield "缺少 text，或者不是文字"
    wanted = _intents(entry)
    if not wanted:
        yield "缺少 intent 或 intents"
    for label in wanted:
        if label not in labels:
            yield f"意图“{label}”不在训练数据里"
    if OUT_OF_SCOPE in wanted and (len(wanted) > 1 or entry.get("kind") not in (NEAR, FAR)):
        yield f"范围外的问题只能有这一个意图，kind 写 {NEAR} 或 {FAR}"


def _row(entry: dict[str, Any]) -> Row:
    text, labels = entry["text"].strip(), _intents(entry)
    kind = str(entry.get("kind") or PLAIN)
    if labels == (OUT_OF_SCOPE,):
        return Row(text, (), kind)
    return Row(text, labels, kind, typo_versions(text))


def _intents(entry: dict[str, Any]) -> tuple[str, ...]:
    several = entry.get("intents")
    wanted = several if isinstance(several, list) else [entry.get("intent")]
    return tuple(str(label) for label in wanted if label)
