"""An answer as citizens will get it, made by the code that makes it for them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from config.notices import load_answer_words
from core.knowledge.contents import EntryDraft
from core.knowledge.wording import Words, answer_in_full, offered
from core.messaging import OutboundMessage
from core.texts import wechat, weibo


@dataclass(frozen=True)
class Bubble:
    text: str
    size: int


@dataclass(frozen=True)
class Preview:
    title: str
    unit: str
    limit: int
    bubbles: list[Bubble]
    choices: list[str]


@cache
def _words() -> Words:
    return load_answer_words()


def previews(
    content: EntryDraft, *, wechat_limit_bytes: int, weibo_limit_characters: int
) -> list[Preview]:
    """Return the bubbles of each platform, with what each weighs in the platform's own count."""
    words = _words()
    choices = offered(content.scope, words)
    message = OutboundMessage(answer_in_full(content, words), tuple(choices))
    return [
        _preview("微信", "字节", wechat_limit_bytes, message, wechat.parts_of, wechat.size_of),
        _preview("微博", "字", weibo_limit_characters, message, weibo.parts_of, weibo.size_of),
    ]


def _preview(
    title: str,
    unit: str,
    limit: int,
    message: OutboundMessage,
    parts_of: Callable[[OutboundMessage, int], list[str]],
    size_of: Callable[[str], int],
) -> Preview:
    parts = parts_of(message, limit)
    return Preview(
        title=title,
        unit=unit,
        limit=limit,
        bubbles=[Bubble(wechat.as_seen(part), size_of(part)) for part in parts],
        choices=[choice.title for choice in message.choices],
    )
