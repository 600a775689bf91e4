"""Facts in what a citizen writes: numbers, codes, phones, days, and words of the dictionary."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
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
# Year, month, day; words like "last week" stay as they are.
_DATE = re.compile(
    r"(?<!\d)(?:((?:19|20)\d{2})\s*年\s*)?(1[0-2]|0?[1-9])\s*月\s*(3[01]|[12]\d|0?[1-9])\s*[日号]"
)
_WRITTEN_DATE = re.compile(
    r"(?<![\d.-])((?:19|20)\d{2})[./-](1[0-2]|0?[1-9])[./-](3[01]|[12]\d|0?[1-9])(?![\d.-])"
)
_RELATIVE_DAY = re.compile(
    r"[今昨前明后]天|大[前后]天|[上本这下]个?(?:周|星期|礼拜)[一二三四五六日天]?|[上本这下]个?月(?:底|初)?|[去今明前]年"
)
# GB 11643-1999: 17 digits and a check character.
_ID_NUMBER = re.compile(r"(?<![\dA-Za-z])[1-9]\d{16}[\dXx](?![\dA-Za-z])")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_PLACE = re.compile(
    r"[^\W\da-zA-Z我你他她它们在住是的到于去从和与及跟有了这那哪每各来对就个全本同某新老什么]{1,5}?"
    r"(?:街道|小区|社区|花园|家园|镇|乡|村)(?!民|委|镇|长|支|干)"
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


class Dictionary:
    """Names by what people say for them, per entity."""

    def __init__(self, names: Mapping[str, Mapping[str, str]]) -> None:
        """Take entity -> word -> name."""
        self.names = {entity: dict(words) for entity, words in names.items()}
        self._patterns = {
            entity: re.compile("|".join(re.escape(w) for w in sorted(words, key=len, reverse=True)))
            for entity, words in self.names.items()
            if words
        }

    def find(self, text: str) -> Iterator[Found]:
        for entity, pattern in self._patterns.items():
            words = self.names[entity]
            yield from _matches(entity, pattern, text, lambda m, words=words: words[m[0]])  # type: ignore[misc]


NO_WORDS = Dictionary({})


def find(text: str, dictionary: Dictionary = NO_WORDS) -> list[Found]:
    """Return what stands in the text, by place; offsets are those of `text`."""
    read = text[: len(shorten(text))].translate(_HALF_WIDTH)
    numbers = list(_matches("case_number", _CASE_NUMBER, read, lambda m: f"WZ{m[1]}{m[2]}"))
    found = [
        *numbers,
        *_matches("phone", _MOBILE, read, lambda m: m[1] + m[2] + m[3]),
        *_matches("phone", _LANDLINE, read, lambda m: f"{m[1]}-{m[2]}"),
        *(
            item
            for item in _matches("id_number", _ID_NUMBER, read, lambda m: m[0].upper())
            if _is_id_number(item.value)
        ),
        *_matches("document_number", _DOCUMENT_NUMBER, read, lambda m: "".join(m[0].split())),
    ]
    for pattern in (_DATE, _WRITTEN_DATE):
        found += _free(_matches("date", pattern, read, _day), found)
    found += _free(_matches("date", _RELATIVE_DAY, read, lambda m: m[0]), found)
    if numbers or "查询码" in read or read.strip().isdigit():
        found += _free(_matches("query_code", _QUERY_CODE, read, lambda m: m[0]), found)
    found += _free(dictionary.find(read), found)
    found += _free(_matches("district", _PLACE, read, lambda m: m[0]), found)
    found += _kinds(read)
    return sorted(found, key=lambda item: item.start)


def _free(items: Iterator[Found], taken: list[Found]) -> list[Found]:
    """Return those that share no character with what has been found before."""
    return [
        item
        for item in items
        if not any(item.start < other.end and other.start < item.end for other in taken)
    ]


def _day(match: re.Match[str]) -> str:
    year, month, day = match[1], int(match[2]), int(match[3])
    return f"{year}-{month:02}-{day:02}" if year else f"{month:02}-{day:02}"


def _is_id_number(number: str) -> bool:
    total = sum(int(c) * weight for c, weight in zip(number[:-1], _ID_WEIGHTS, strict=True))
    return _ID_CHECKS[total % 11] == number[-1]


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
