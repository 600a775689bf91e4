"""What the model learns from: read from nlu_data, checked, and written out for Rasa."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from nlu.text import normalise

FEWEST_VARIANTS = 8
FEWEST_EXAMPLES = 15

# The one in C reads the same in a fifth of the time.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SLUG = re.compile(r"[a-z0-9_]+")
_REQUIRED = ("slug", "question", "variants", "answer", "scope", "department", "review_by")
_SCOPES = ("national", "local", "platform")


class BadTrainingData(Exception):
    """The data must not be trained; `problems` says why, one line each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


@dataclass(frozen=True)
class Question:
    slug: str
    topic: str
    forms: tuple[str, ...]  # the canonical question first
    file: str


@dataclass(frozen=True)
class Wish:
    """An intent beside the FAQ: small talk, requests, emergencies."""

    intent: str
    forms: tuple[str, ...]
    file: str


@dataclass(frozen=True)
class TrainingData:
    questions: tuple[Question, ...]
    wishes: tuple[Wish, ...]

    @property
    def form_count(self) -> int:
        return sum(len(part.forms) for part in (*self.questions, *self.wishes))


def load(folder: Path) -> TrainingData:
    """Read and check everything; raise BadTrainingData with all that is wrong at once."""
    problems: list[str] = []
    questions = tuple(_questions(folder / "faq", problems))
    wishes = tuple(_wishes(folder / "nlu", problems))
    if not questions:
        problems.append(f"{folder / 'faq'} 中没有问答条目")
    problems += _repeated_slugs(questions)
    problems += _shared_forms(questions, wishes)
    if problems:
        raise BadTrainingData(problems)
    return TrainingData(questions, wishes)


def write_for_rasa(data: TrainingData, file: Path) -> None:
    """Write the FAQ the way Rasa reads intents, each with its topic beside it."""
    intents = [
        {
            "intent": f"faq/{question.slug}",
            "metadata": {"topic": question.topic},
            "examples": "".join(f"- {one_line(form)}\n" for form in question.forms),
        }
        for question in data.questions
    ]
    file.write_text(
        yaml.safe_dump({"version": "3.1", "nlu": intents}, allow_unicode=True, width=1000),
        encoding="utf-8",
    )


def one_line(form: str) -> str:
    # Brackets mark entities for Rasa; the model reads no punctuation anyway.
    return " ".join(re.sub(r"[\[\](){}]", " ", form).split())


def _questions(folder: Path, problems: list[str]) -> Iterator[Question]:
    for file in sorted(folder.glob("*.yml")):
        content = _read(file, problems)
        topic = content.get("topic")
        if not topic:
            problems.append(f"{file.name}：缺少 topic")
            continue
        for place, entry in enumerate(content.get("entries") or [], start=1):
            found = list(_problems_of_entry(entry))
            problems += [f"{file.name} 第 {place} 条：{problem}" for problem in found]
            if not found:
                forms = (entry["question"], *entry["variants"])
                yield Question(entry["slug"], topic, forms, file.name)


def _problems_of_entry(entry: Any) -> Iterator[str]:
    if not isinstance(entry, dict):
        yield "不是一个条目"
        return
    for name in _REQUIRED:
        if not entry.get(name):
            yield f"缺少 {name}"
    slug, variants = entry.get("slug"), entry.get("variants") or []
    if slug and not _SLUG.fullmatch(str(slug)):
        yield f"slug “{slug}” 只能用小写字母、数字和下划线"
    if not all(isinstance(form, str) and form.strip() for form in variants):
        yield "variants 中有空的或不是文字的问法（含冒号等符号的请加引号）"
    elif variants and len({_key(form) for form in variants}) < FEWEST_VARIANTS:
        yield f"问法不足 {FEWEST_VARIANTS} 种"
    if entry.get("scope") and entry["scope"] not in _SCOPES:
        yield f"scope “{entry['scope']}” 不在 {'、'.join(_SCOPES)} 之中"
    if entry.get("scope") == "national" and not entry.get("references"):
        yield "全国性答案必须写明依据（references）"
    if entry.get("scope") == "local" and not entry.get("local_gap"):
        yield "地方性答案必须写明还缺什么（local_gap）"


def _wishes(folder: Path, problems: list[str]) -> Iterator[Wish]:
    for file in sorted(folder.glob("*.yml")):
        for block in _read(file, problems).get("nlu") or []:
            lines = str(block.get("examples") or "").splitlines()
            forms = tuple(line.strip()[2:].strip() for line in lines if line.strip())
            if len(set(forms)) < FEWEST_EXAMPLES:
                problems.append(
                    f"{file.name}：意图 {block.get('intent')} 的例句不足 {FEWEST_EXAMPLES} 条"
                )
            yield Wish(str(block.get("intent")), forms, file.name)


def _repeated_slugs(questions: Sequence[Question]) -> list[str]:
    files: dict[str, list[str]] = defaultdict(list)
    for question in questions:
        files[question.slug].append(question.file)
    return [
        f"slug “{slug}” 出现了 {len(found)} 次：{'、'.join(found)}"
        for slug, found in files.items()
        if len(found) > 1
    ]


def _shared_forms(questions: Sequence[Question], wishes: Sequence[Wish]) -> list[str]:
    """Tell every form that stands under two intents; no model can learn both."""
    owners: dict[str, dict[str, str]] = defaultdict(dict)
    for label, forms in [
        *((f"faq/{question.slug}", question.forms) for question in questions),
        *((wish.intent, wish.forms) for wish in wishes),
    ]:
        for form in forms:
            owners[_key(form)][label] = form
    return [
        f"问法“{next(iter(found.values()))}”同时属于：{'、'.join(found)}"
        for key, found in owners.items()
        if key and len(found) > 1
    ]


def _key(form: str) -> str:
    return normalise(form).replace(" ", "")


def _read(file: Path, problems: list[str]) -> dict[str, Any]:
    try:
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506
    except yaml.YAMLError as error:
        problems.append(f"{file.name}：不是有效的 YAML（{' '.join(str(error).split())}）")
        return {}
    if not isinstance(content, dict):
        problems.append(f"{file.name}：内容为空或格式不对")
        return {}
    return content
