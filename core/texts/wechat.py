"""What the desk says, as WeChat text: inert markup, tappable choices, parts within the limit."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from core.messaging import Choice, OutboundMessage
from core.texts import splitting
from core.texts.cleaning import clean_text, inert, one_line
from core.texts.splitting import Limit, Merged

CLOSING_BYTES = 240
_LINK = re.compile(r'<a href="[^"]*">([^<]*)</a>')


def merge(
    messages: Sequence[OutboundMessage], limit_bytes: int, *, parts_delivered: int = 0
) -> Merged:
    """Join whole messages while they fit; of one that never would, take its next part."""
    return splitting.merge(
        (parts_of(message, limit_bytes) for message in messages),
        Limit(limit_bytes, size_of),
        parts_delivered=parts_delivered,
    )


def room_for_closing(limit_bytes: int) -> int:
    """Return how many bytes are kept free for a closing line, always the same under one limit."""
    return min(CLOSING_BYTES, limit_bytes // 3)


def close(text: str, closing: OutboundMessage, limit_bytes: int) -> str:
    """Put a closing line under the text: with its choices if there is room, else plain."""
    for line in (render(closing, limit_bytes), inert(closing.text).strip()):
        closed = "\n\n".join(part for part in (text, line) if part)
        if size_of(closed) <= limit_bytes:
            return closed
    return text


def parts_of(message: OutboundMessage, limit_bytes: int) -> list[str]:
    """Return the message as texts within the limit; none when it has nothing to show."""
    return splitting.parts_of(render(message, limit_bytes), Limit(limit_bytes, size_of))


@dataclass(frozen=True)
class MenuMessage:
    """Words in parts, under the last of which the platform shows entries to tap."""

    parts: list[str]
    entries: list[str]


def menu_of(message: OutboundMessage, limit_bytes: int) -> MenuMessage | None:
    """Return the message with a menu of the platform's own, or None where links are needed.

    A tap on an entry says what the entry shows, so what is shown must be what is said.
    """
    says_itself = all(one_line(choice.title) == one_line(choice.says) for choice in message.choices)
    if not message.choices or message.has_plain_choices or not says_itself:
        return None
    parts = parts_of(replace(message, choices=()), limit_bytes)
    # Should the platform find the last part too long, it would be halved, menu and all.
    if not parts or size_of(parts[-1]) > limit_bytes // 2:
        return None
    return MenuMessage(parts, [one_line(choice.title) for choice in message.choices])


def halves_of(text: str) -> list[str]:
    return splitting.halves_of(text, size_of)


def render(message: OutboundMessage, limit_bytes: int) -> str:
    lines = [inert(message.text).strip()]
    for number, choice in enumerate(message.choices, start=1):
        link = _tappable(choice, number)
        # A link longer than a message would be cut into nonsense; its words alone remain.
        lines.append(link if size_of(link) <= limit_bytes else one_line(choice.title))
    return "\n".join(line for line in lines if line)


def _tappable(choice: Choice, number: int) -> str:
    """Return a link that says something in the citizen's name when it is tapped.

    The app ignores such a link when its id or what it says is empty.
    """
    title = one_line(choice.title)
    says = quote(clean_text(choice.says).strip() or title, safe="")
    if not says:
        return ""
    address = f"weixin://bizmsgmenu?msgmenucontent={says}&msgmenuid={number}"
    return f'<a href="{address}">{title or one_line(choice.says)}</a>'


def size_of(text: str) -> int:
    return len(text.encode())


def as_seen(text: str) -> str:
    """Return the words that a citizen reads, without the addresses behind them."""
    return _LINK.sub(r"\1", text)
