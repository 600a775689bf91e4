"""What a change would change, for eyes: part by part, line by line, word by word."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from console import wording
from core.knowledge.contents import EntryDraft, ReferenceDraft

TEXTS = (
    "question", "answer", "time_limit", "fee", "place", "link", "phone", "local_gap",
    "topic_title", "review_by", "scope", "department_code", "is_people_only",
)  # fmt: skip
LINES = ("variants", "steps", "materials", "references")
ORDER = (
    "question", "variants", "answer", "steps", "materials", "time_limit", "fee", "place", "link",
    "phone", "references", "scope", "local_gap", "is_people_only", "topic_title",
    "department_code", "review_by",
)  # fmt: skip

_TOKEN = re.compile(r"[A-Za-z0-9_.%]+|\s+|.", re.DOTALL)


@dataclass(frozen=True)
class Piece:
    """A run of words: `kept`, or only before (`gone`), or only after (`added`)."""

    kind: str
    text: str


@dataclass(frozen=True)
class Difference:
    name: str
    before: list[Piece]
    after: list[Piece]
    is_list: bool = False

    @property
    def title(self) -> str:
        return wording.knowledge()["fields"][self.name]


def between(
    before: EntryDraft | None, after: EntryDraft, units: Mapping[str, str]
) -> list[Difference]:
    """Return every part that differs, in the order of the page; `units` are names by code."""
    found = []
    for name in ORDER:
        old = _read(before, name, units) if before else _nothing(name)
        new = _read(after, name, units)
        if old == new:
            continue
        if isinstance(old, list) and isinstance(new, list):
            found.append(Difference(name, *_of_lines(old, new), is_list=True))
        else:
            found.append(Difference(name, *_of_words(str(old), str(new))))
    return found


def _nothing(name: str) -> str | list[str]:
    return [] if name in LINES else ""


def _read(content: EntryDraft, name: str, units: Mapping[str, str]) -> str | list[str]:
    if name == "references":
        return [cited(reference) for reference in content.references]
    if name in LINES:
        return list(getattr(content, name))
    if name == "scope":
        return wording.label(content.scope)
    if name == "department_code":
        return units.get(content.department_code, content.department_code)
    if name == "is_people_only":
        return "是" if content.is_people_only else "否"
    value = getattr(content, name)
    return "" if value is None else str(value)


def cited(reference: ReferenceDraft) -> str:
    document = reference.document
    parts = [
        document if document.startswith("《") else f"《{document}》",
        f"（{reference.document_no}）" if reference.document_no else "",
        reference.article or "",
        f"，{reference.effective_on} 起施行" if reference.effective_on else "",
        f"，{reference.repealed_on} 失效" if reference.repealed_on else "",
        f"，现行依据：{reference.successor}" if reference.successor else "",
    ]
    return "".join(parts)


def _of_lines(old: Sequence[str], new: Sequence[str]) -> tuple[list[Piece], list[Piece]]:
    before = [Piece("kept" if line in new else "gone", line) for line in old]
    after = [Piece("kept" if line in old else "added", line) for line in new]
    return before, after


def _of_words(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    old_words, new_words = _TOKEN.findall(old), _TOKEN.findall(new)
    before: list[Piece] = []
    after: list[Piece] = []
    matcher = SequenceMatcher(None, old_words, new_words, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            before.append(Piece("kept", "".join(old_words[a:b])))
            after.append(Piece("kept", "".join(new_words[c:d])))
            continue
        if b > a:
            before.append(Piece("gone", "".join(old_words[a:b])))
        if d > c:
            after.append(Piece("added", "".join(new_words[c:d])))
    return before, after
