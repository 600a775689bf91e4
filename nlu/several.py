"""Several questions in one message: taken apart, each understood for itself."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from nlu.text import normalise

# Longer messages tell a story, and their parts ask nothing of their own.
LONGEST_CHARACTERS = 100
SHORTEST_PART_CHARACTERS = 4
MOST_PARTS = 4
# How far down the ranking of the whole message a part's question may stand.
SUPPORT = 8

_SEPARATOR = re.compile(
    r"[?？。；;!！\n]+"
    r"|[，,、]?\s*(?:另外|还有就是|还有|顺便(?:再)?问(?:一下|下)?|同时|再问(?:一下|个)?|再一个)[，,：:]?"
    r"|[，,]"
)
_ASKS = re.compile(
    r"[吗呢嘛么没不]\s*$|怎么|怎样|如何|哪|谁|啥|什么|多久|多少|几|咋|能不能|可以不|可不可以|是否|(.)[不没]\1"
)
# A word stands for a topic that few other topics use.
_FOREIGN_WEIGHT = 3.0
_WORD_CHARACTERS = range(2, 6)

# The surest question of a text, or None; with the labels that the whole message may be about.
Surest = Callable[[str], "str | None"]


def questions_in(
    text: str, surest: Surest, topic_of: Mapping[str, str], subjects: Mapping[str, str]
) -> list[str]:
    """Return the labels of what is surely asked in the text's parts, if they are several.

    A later part often leaves out what it is about ("and what does it cost?"): it is then read
    with the subject of the first.
    """
    found: list[str] = []
    for part in _asking_parts(text):
        label = surest(part)
        if label is None and found:
            label = _of_same_topic(part, topic_of.get(found[0]), surest, topic_of, subjects)
        if label is not None and label not in found:
            found.append(label)
    return found if len(found) > 1 else []


def _of_same_topic(
    part: str,
    topic: str | None,
    surest: Surest,
    topic_of: Mapping[str, str],
    subjects: Mapping[str, str],
) -> str | None:
    subject = subjects.get(topic) if topic else None
    if subject is None:
        return None
    label = surest(subject + part)
    return label if label is not None and topic_of.get(label) == topic else None


def _asking_parts(text: str) -> list[str]:
    if len(text) > LONGEST_CHARACTERS:
        return []
    parts = [part.strip() for part in _SEPARATOR.split(text) if part]
    asking = [
        part for part in parts if len(part) >= SHORTEST_PART_CHARACTERS and _ASKS.search(part)
    ]
    return asking if 1 < len(asking) <= MOST_PARTS else []


def subjects_of(forms: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return the word that best stands for each topic, from (form, topic) pairs."""
    by_topic: dict[str, list[set[str]]] = defaultdict(list)
    everywhere: Counter[str] = Counter()
    for form, topic in forms:
        words = set(_words(normalise(form).replace(" ", "")))
        by_topic[topic].append(words)
        everywhere.update(words)
    return {
        topic: best
        for topic, found in by_topic.items()
        if (best := _most_telling(found, everywhere, len(forms)))
    }


def _most_telling(forms: Sequence[set[str]], everywhere: Counter[str], count: int) -> str | None:
    here = Counter(word for words in forms for word in words)

    def telling(word: str) -> float:
        inside = here[word] / len(forms)
        outside = (everywhere[word] - here[word]) / max(1, count - len(forms))
        return (inside - _FOREIGN_WEIGHT * outside) * len(word)

    shared = [word for word, count in here.items() if count > 1 or len(forms) == 1]
    return max(sorted(shared), key=telling, default=None)


def _words(text: str) -> Iterator[str]:
    for length in _WORD_CHARACTERS:
        for start in range(len(text) - length + 1):
            yield text[start : start + length]
