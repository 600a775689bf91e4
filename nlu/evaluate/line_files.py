"""Sets from outside: JSON lines, or tables of questions with tabs between the columns.

Whatever is wrong is told line by line, all of it at once; nothing is skipped in silence.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlu.evaluate.rows import (
    FAR,
    NEAR,
    OUT_OF_SCOPE,
    PLAIN,
    UNSPLIT,
    BadEvaluationData,
    EvaluationSet,
    Lesson,
    Row,
)
from nlu.evaluate.typos import typo_versions
from nlu.text import normalise
from nlu.training_data import Question, TrainingData, Wish

FEWEST_LABELS = 2
TYPO_COLUMNS = ("_typo1", "_typo2")

_UNREADABLE: dict[type[OSError], str] = {
    FileNotFoundError: "没有这个文件",
    IsADirectoryError: "是一个文件夹",
    PermissionError: "没有权限",
}


@dataclass(frozen=True)
class Line:
    file: str
    number: int
    content: str

    def problem(self, what: str) -> str:
        return f"{self.file} 第 {self.number} 行：{what}"


def read_sentences(train: Path, test: Path) -> tuple[Lesson, EvaluationSet]:
    """Read two files of lines {"text", "intent"}; `kind` may stand beside them."""
    problems: list[str] = []
    taught = list(_examples(train, problems, must_be_readable=True))
    asked = list(_examples(test, problems, must_be_readable=False))
    return _sentences(train, taught, test, asked, problems)


def read_labelled_tables(train: Path, test: Path) -> tuple[Lesson, EvaluationSet]:
    """Read the same from two tables whose columns are a sentence and its intent."""
    problems: list[str] = []
    taught, asked = (
        [{"text": cells[0], "intent": cells[1]} for _, cells in list(table(file, problems))[1:]]
        for file in (train, test)
    )
    return _sentences(train, taught, test, asked, problems)


def _sentences(
    train: Path,
    taught: Sequence[dict[str, Any]],
    test: Path,
    asked: Sequence[dict[str, Any]],
    problems: list[str],
) -> tuple[Lesson, EvaluationSet]:
    learnt = [(example["text"], example["intent"].strip()) for example in taught]
    known = {intent for _, intent in learnt}
    if not problems and len(known) < FEWEST_LABELS:
        problems.append(f"{train.name}：至少要有 {FEWEST_LABELS} 个意图，只有 {len(known)} 个")
    if problems:
        raise BadEvaluationData(problems)
    rows = tuple(_row(example) for example in asked)
    strange = [row for row in rows if row.is_in_scope and not known.intersection(row.labels)]
    notes = list(_clashes(learnt))
    if strange:
        names = "、".join(sorted({row.labels[0] for row in strange})[:5])
        notes.append(f"{test.name} 有 {len(strange)} 行的意图不在训练集里（{names}），必然判错。")
    return _lesson(learnt, notes), EvaluationSet("test", test.stem, rows)


def read_questions(
    kb: Path, queries: Path, near: Path | None = None, far: Path | None = None
) -> tuple[Lesson, EvaluationSet]:
    """Read a store of standard questions, and other wordings that should find them."""
    problems: list[str] = []
    learnt = list(_standard_questions(kb, problems))
    ids = {label for _, label in learnt}
    if not problems and len(ids) < FEWEST_LABELS:
        problems.append(f"{kb.name}：至少要有 {FEWEST_LABELS} 个标准问题")
    rows = [
        *_queries(queries, ids if not problems else None, problems),
        *_strangers(near, NEAR, problems),
        *_strangers(far, FAR, problems),
    ]
    if problems:
        raise BadEvaluationData(problems)
    lesson = _lesson(learnt, list(_clashes(learnt)))
    return lesson, EvaluationSet("queries", queries.stem, tuple(rows))


def table(file: Path, problems: list[str]) -> Iterator[tuple[Line, list[str]]]:
    """Yield the header and every row that is as wide as the header."""
    width = 0
    for line in _lines(file, problems):
        cells = [cell.strip() for cell in line.content.split("\t")]
        width = width or len(cells)
        if len(cells) != width:
            problems.append(line.problem(f"有 {len(cells)} 列，表头有 {width} 列"))
        else:
            yield line, cells


# --- JSON lines ------------------------------------------------------------------------------


def _examples(
    file: Path, problems: list[str], *, must_be_readable: bool
) -> Iterator[dict[str, Any]]:
    for line in _lines(file, problems):
        try:
            example = json.loads(line.content)
        except ValueError as error:
            problems.append(line.problem(f"不是有效的 JSON（{error}）"))
            continue
        wrong = list(_problems_of(example, must_be_readable))
        problems += [line.problem(what) for what in wrong]
        if not wrong:
            yield example


def _problems_of(example: Any, must_be_readable: bool) -> Iterator[str]:
    if not isinstance(example, dict):
        yield "应当是一个 JSON 对象"
        return
    for name in ("text", "intent"):
        value = example.get(name)
        if name not in example:
            yield f"缺少 {name}"
        elif not isinstance(value, str):
            yield f"{name} 应当是文字"
        elif not value.strip():
            yield f"{name} 是空的"
        elif name == "text" and must_be_readable and not normalise(value):
            yield "text 里没有可以学的文字"


def _row(example: dict[str, Any]) -> Row:
    text, intent, kind = example["text"], example["intent"].strip(), example.get("kind")
    if intent == OUT_OF_SCOPE:
        return Row(text, (), kind if kind in (NEAR, FAR) else UNSPLIT)
    return Row(text, (intent,), str(kind or PLAIN), typo_versions(text))


# --- tables ----------------------------------------------------------------------------------


def _standard_questions(file: Path, problems: list[str]) -> Iterator[tuple[str, str]]:
    lines = table(file, problems)
    header = next(lines, None)
    if header is None:
        return
    if header[1][0] != "id" or len(header[1]) < 2:
        problems.append(header[0].problem("表头应当是 id 和一列标准问题"))
        return
    seen: dict[str, int] = {}
    for line, (label, text, *_) in lines:
        if not label:
            problems.append(line.problem("id 是空的"))
        elif label in seen:
            problems.append(line.problem(f"id “{label}” 和第 {seen[label]} 行重复"))
        elif not normalise(text):
            problems.append(line.problem("标准问题里没有可以学的文字"))
        else:
            yield text, label
        seen.setdefault(label, line.number)


def _queries(file: Path, ids: set[str] | None, problems: list[str]) -> Iterator[Row]:
    """Read the queries; their identities are compared only with a store that was readable."""
    lines = table(file, problems)
    header = next(lines, None)
    if header is None:
        return
    names = header[1]
    if "kb_id" not in names[1:]:
        problems.append(header[0].problem("表头应当是一列问法和 kb_id"))
        return
    typo_places = [names.index(names[0] + ending) for ending in _typo_endings(names)]
    for line, cells in lines:
        text, label = cells[0], cells[names.index("kb_id")]
        typos = tuple(cells[place] for place in typo_places)
        if not text or not all(typos):
            problems.append(line.problem("有空的问法"))
        elif ids is not None and label not in ids:
            problems.append(line.problem(f"kb_id “{label}” 不在标准问题里"))
        else:
            yield Row(text, (label,), PLAIN, typos or typo_versions(text))


def _typo_endings(names: Sequence[str]) -> tuple[str, ...]:
    return TYPO_COLUMNS if all(names[0] + ending in names for ending in TYPO_COLUMNS) else ()


def _strangers(file: Path | None, kind: str, problems: list[str]) -> Iterator[Row]:
    lines = table(file, problems) if file else iter(())
    header = next(lines, None)
    if header is None:
        return
    if header[1][0] != "query":
        problems.append(header[0].problem("表头应当是 query"))
        return
    for line, cells in lines:
        if cells[0]:
            yield Row(cells[0], (), kind)
        else:
            problems.append(line.problem("是空的"))


# --- both ------------------------------------------------------------------------------------


def _lines(file: Path, problems: list[str]) -> Iterator[Line]:
    try:
        content = file.read_bytes()
    except OSError as error:
        why = _UNREADABLE.get(type(error)) or error.strerror
        problems.append(f"{file}：读不了（{why}）")
        return
    count = 0
    for number, raw in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        try:
            line = Line(file.name, number, raw.decode("utf-8").rstrip("\r"))
        except UnicodeDecodeError:
            problems.append(f"{file.name} 第 {number} 行：不是 UTF-8 编码")
            continue
        finally:
            count += bool(raw.strip())
        if line.content.strip():
            yield line
    if not count:
        problems.append(f"{file.name}：是空的")


def _lesson(learnt: Sequence[tuple[str, str]], notes: Sequence[str]) -> Lesson:
    """Give every label a name that Rasa takes as a question of the FAQ, whatever it is called."""
    forms: dict[str, list[str]] = {}
    for text, label in learnt:
        forms.setdefault(label, []).append(text)
    refusals = [
        Wish(OUT_OF_SCOPE, tuple(texts), "")
        for label, texts in forms.items()
        if label == OUT_OF_SCOPE
    ]
    slugs = [f"q{place:05}" for place in range(len(forms))]
    questions = [
        Question(slug, slug, tuple(texts), "")
        for slug, texts in zip(slugs, forms.values(), strict=True)
    ]
    labels = {f"faq/{slug}": label for slug, label in zip(slugs, forms, strict=True)}
    labels |= {wish.intent: wish.intent for wish in refusals}
    return Lesson(TrainingData(tuple(questions), tuple(refusals)), labels, notes=tuple(notes))


def _clashes(learnt: Sequence[tuple[str, str]]) -> Iterator[str]:
    owners: dict[str, set[str]] = {}
    for text, label in learnt:
        owners.setdefault(normalise(text).replace(" ", ""), set()).add(label)
    clashing = sum(len(found) > 1 for found in owners.values())
    if clashing:
        yield f"训练数据里有 {clashing} 句话同时属于几个意图，照样评测。"
