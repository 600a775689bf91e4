"""Facts that a pattern finds in what a citizen writes: numbers, codes, phones, kinds of case."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from nlu.text import shorten

# Same length as what they stand for, so that offsets stay those of the citizen's own text.
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}

_CASE_NUMBER = re.compile(r"(?i)(?<![a-z])wz[\s_-]*(\d{8})[\s_-]*(\d{4})(?!\d)")
_QUERY_CODE = re.compile(r"(?<![\d])\d{6}(?![\d])")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[\s-]?)?(1[3-9]\d)[\s-]?(\d{4})[\s-]?(\d{4})(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)(0\d{2,3})[\s-]?(\d{7,8})(?!\d)")
_DOCUMENT_NUMBER = re.compile(
    r"(?:主席令|国务院令|部令)第?\s*[\d一二三四五六七八九十百零〇]+\s*号"
    r"|[一-鿿]{1,12}[〔\[【(（]\s*(?:19|20)\d{2}\s*[〕\]】)）]\s*第?\s*\d{1,4}\s*号"
)
_KINDS = {
    "举报": ("举报", "检举", "舉報", "举爆"),
    "投诉": ("投诉", "投訴", "头诉"),
    "建议": ("建议", "建議", "提意见", "提点意见", "提个意见"),
    "求助": ("求助", "帮忙解决", "帮助解决"),
    "咨询": ("咨询件", "书面咨询", "咨询问题", "登记咨询"),
}


@dataclass(frozen=True)
class Found:
    entity: str
    value: str
    start: int
    end: int


def find(text: str) -> list[Found]:
    """Return what stands in the text, by place; offsets are those of `text`."""
    read = text[: len(shorten(text))].translate(_HALF_WIDTH)
    numbers = list(_matches("case_number", _CASE_NUMBER, read, lambda m: f"WZ{m[1]}{m[2]}"))
    phones = [
        *_matches("phone", _MOBILE, read, lambda m: m[1] + m[2] + m[3]),
        *_matches("phone", _LANDLINE, read, lambda m: f"{m[1]}-{m[2]}"),
    ]
    found = [*numbers, *phones]
    taken = [(item.start, item.end) for item in found]
    if numbers or "查询码" in read or read.strip().isdigit():
        found += [
            item
            for item in _matches("query_code", _QUERY_CODE, read, lambda m: m[0])
            if not any(start <= item.start < end for start, end in taken)
        ]
    found += _matches("document_number", _DOCUMENT_NUMBER, read, lambda m: "".join(m[0].split()))
    found += _kinds(read)
    return sorted(found, key=lambda item: item.start)


def _matches(
    entity: str, pattern: re.Pattern[str], text: str, value: Callable[[re.Match[str]], str]
) -> Iterator[Found]:
    for match in pattern.finditer(text):
        yield Found(entity, value(match), match.start(), match.end())


def _kinds(text: str) -> list[Found]:
    """Return the kind of case that is named first, if any."""
    named = [
        Found("case_kind", kind, text.index(word), text.index(word) + len(word))
        for kind, words in _KINDS.items()
        for word in words
        if word in text
    ]
    return [min(named, key=lambda item: item.start)] if named else []
