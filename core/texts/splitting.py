"""Words in parts that a platform takes: cut where a reader would pause, joined while they fit."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

import regex

# What may not be cut: our own links, and addresses that the apps make tappable.
_UNCUTTABLE = regex.compile(r'<a href="[^"]*">[^<]*</a>|https?://[!-~]+')
_GRAPHEME = regex.compile(r"\X")

# Where a long text is best cut: behind a line, a sentence, a clause, in this order.
_GOOD_ENDS = ("\n", "。！？!?…", "；;，,、 ")

_BETWEEN_MESSAGES = "\n\n"


@dataclass(frozen=True)
class Limit:
    """How long one platform message may be, in whatever the platform counts.

    A text must weigh as much as its characters together, and each at least one.
    """

    most: int
    size_of: Callable[[str], int]

    def holds(self, text: str) -> bool:
        return self.size_of(text) <= self.most

    def longest_prefix(self, text: str) -> int:
        """Return how many characters of the text fit."""
        size = 0
        for count, character in enumerate(text[: self.most]):
            size += self.size_of(character)
            if size > self.most:
                return count
        return min(len(text), self.most)


@dataclass(frozen=True)
class Merged:
    """One text out of several messages, and how far it got; see PassiveAnswer."""

    text: str
    carried: int
    parts_of_next: int = 0


def merge(messages: Iterable[Sequence[str]], limit: Limit, *, parts_delivered: int = 0) -> Merged:
    """Join whole messages, each given as its parts, while they fit.

    Of one that never would, take its next part; of the first message
    `parts_delivered` parts have gone out before.
    """
    text, carried = "", 0
    for all_parts in messages:
        done = 0 if carried else parts_delivered
        parts = all_parts[done:]
        if len(parts) > 1:
            return Merged(text, carried) if text else Merged(parts[0], carried, done + 1)
        longer = _BETWEEN_MESSAGES.join(part for part in (text, *parts) if part)
        if not limit.holds(longer):
            return Merged(text, carried)
        text = longer
        carried += 1
    return Merged(text, carried)


def parts_of(text: str, limit: Limit) -> list[str]:
    """Return the text as parts worth sending: none is blank or begins with an empty line."""
    parts = (part.strip("\n") for part in split(text, limit))
    return [part for part in parts if part.strip()]


def halves_of(text: str, size_of: Callable[[str], int]) -> list[str]:
    """Cut a text that the platform finds too long, whatever it said its limit was."""
    return split(text, Limit(size_of(text) // 2 + 4, size_of))


def split(text: str, limit: Limit) -> list[str]:
    """Cut a text into parts within the limit, which joined give it back.

    Cuts fall behind lines or sentences where there are any in the second half of a
    part, never within a character as people see it (an emoji may be many code points),
    nor within a link, unless that alone exceeds the limit.
    """
    parts = []
    while not limit.holds(text):
        end = _best_cut(text, limit)
        parts.append(text[:end])
        text = text[end:]
    return [*parts, text] if text else parts


def _best_cut(text: str, limit: Limit) -> int:
    longest = limit.longest_prefix(text)
    cuts = _cuts(text, longest)
    for ends in _GOOD_ENDS:
        for cut in reversed(cuts):
            if cut < longest / 2:
                break
            if text[cut - 1] in ends:
                return cut
    return cuts[-1] if cuts else max(longest, 1)


def _cuts(text: str, longest: int) -> list[int]:
    """Return the places, up to `longest`, where the text may be cut."""
    links = takewhile(lambda link: link.start() < longest, _UNCUTTABLE.finditer(text))
    spans = [link.span() for link in links]
    cuts = []
    for grapheme in _GRAPHEME.finditer(text):
        end = grapheme.end()
        if end > longest:
            break
        if not any(first < end < last for first, last in spans):
            cuts.append(end)
    return cuts
