"""What the desk says, as WeChat text: inert markup, tappable choices, parts within the limit."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from urllib.parse import quote

import regex

from bot.channels.cleaning import clean_text
from core.messaging import Choice, OutboundMessage

# What may not be cut: our own links, and addresses that the app makes tappable.
_UNCUTTABLE = regex.compile(r'<a href="[^"]*">[^<]*</a>|https?://[!-~]+')
_GRAPHEME = regex.compile(r"\X")
_ENTITY = regex.compile(r"&(?=#[xX]?[0-9a-fA-F]|[A-Za-z][A-Za-z0-9]*;)")

# Where a long text is best cut: behind a line, a sentence, a clause, in this order.
_GOOD_ENDS = ("\n", "。！？!?…", "；;，,、 ")

_BETWEEN_MESSAGES = "\n\n"


@dataclass(frozen=True)
class Merged:
    """One text out of several messages, and how far it got; see PassiveAnswer."""

    text: str
    carried: int
    parts_of_next: int = 0


def merge(
    messages: Sequence[OutboundMessage], limit_bytes: int, *, parts_delivered: int = 0
) -> Merged:
    """Join whole messages while they fit; of one that never would, take its next part."""
    text = ""
    for position, message in enumerate(messages):
        done = 0 if position else parts_delivered
        parts = parts_of(message, limit_bytes)[done:]
        if len(parts) > 1:
            if text:
                return Merged(text, position)
            return Merged(parts[0], position, done + 1)
        longer = _BETWEEN_MESSAGES.join(part for part in (text, *parts) if part)
        if _size(longer) > limit_bytes:
            return Merged(text, position)
        text = longer
    return Merged(text, len(messages))


def parts_of(message: OutboundMessage, limit_bytes: int) -> list[str]:
    """Return the message as texts within the limit; none when it has nothing to show."""
    parts = (part.strip("\n") for part in split(render(message, limit_bytes), limit_bytes))
    return [part for part in parts if part.strip()]


def render(message: OutboundMessage, limit_bytes: int) -> str:
    lines = [inert(message.text).strip()]
    for number, choice in enumerate(message.choices, start=1):
        link = _tappable(choice, number)
        # A link longer than a message would be cut into nonsense; its words alone remain.
        lines.append(link if _size(link) <= limit_bytes else _one_line(choice.title))
    return "\n".join(line for line in lines if line)


def inert(text: str) -> str:
    """Clean a text and take the power of markup from it.

    The app turns `<a href>` in a text into a link that hides its address. What is said
    may quote anybody, so angle brackets become their full-width twins, which read the
    same in Chinese text; an ampersand does only where it would begin an HTML entity.
    """
    text = clean_text(text).replace("<", "＜").replace(">", "＞")
    return _ENTITY.sub("＆", text)


def split(text: str, limit_bytes: int) -> list[str]:
    """Cut a text into parts within the limit, which joined give it back.

    Cuts fall behind lines or sentences where there are any in the second half of a
    part, never within a character as people see it (an emoji may be many code points),
    nor within a link, unless that alone exceeds the limit.
    """
    parts = []
    while _size(text) > limit_bytes:
        end = _best_cut(text, limit_bytes)
        parts.append(text[:end])
        text = text[end:]
    return [*parts, text] if text else parts


def _best_cut(text: str, limit_bytes: int) -> int:
    longest = len(text[:limit_bytes].encode()[:limit_bytes].decode(errors="ignore"))
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


def _tappable(choice: Choice, number: int) -> str:
    """Return a link that says something in the citizen's name when it is tapped.

    The app ignores such a link when its id or what it says is empty.
    """
    title = _one_line(choice.title)
    says = quote(clean_text(choice.says).strip() or title, safe="")
    if not says:
        return ""
    address = f"weixin://bizmsgmenu?msgmenucontent={says}&msgmenuid={number}"
    return f'<a href="{address}">{title or _one_line(choice.says)}</a>'


def _one_line(text: str) -> str:
    return " ".join(inert(text).split())


def _size(text: str) -> int:
    return len(text.encode())
