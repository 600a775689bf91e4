"""What the desk says, as Weibo text: plain words, numbered choices, parts within the limit."""

from collections.abc import Sequence

from core.messaging import Choice, OutboundMessage
from core.texts import splitting
from core.texts.cleaning import inert, one_line
from core.texts.splitting import Limit, Merged

# A private message of Weibo holds nothing to tap that would speak for the citizen.
SAME_WORDS = "{number}. {title}"
OTHER_WORDS = "{number}. {title}（请回复“{says}”）"
HOW_TO_CHOOSE = "请用文字回复您的选择，例如“{says}”。"


def merge(
    messages: Sequence[OutboundMessage], limit_characters: int, *, parts_delivered: int = 0
) -> Merged:
    """Join whole messages while they fit; of one that never would, take its next part."""
    return splitting.merge(
        (parts_of(message, limit_characters) for message in messages),
        Limit(limit_characters, size_of),
        parts_delivered=parts_delivered,
    )


def parts_of(message: OutboundMessage, limit_characters: int) -> list[str]:
    """Return the message as texts within the limit; none when it has nothing to show."""
    return splitting.parts_of(render(message), Limit(limit_characters, size_of))


def halves_of(text: str) -> list[str]:
    return splitting.halves_of(text, size_of)


def render(message: OutboundMessage) -> str:
    choices = [choice for choice in message.choices if _words_of(choice)]
    lines = [inert(message.text).strip()]
    lines += [_line(number, choice) for number, choice in enumerate(choices, start=1)]
    if choices:
        lines.append(HOW_TO_CHOOSE.format(says=_words_of(choices[0])))
    return "\n".join(line for line in lines if line)


def _line(number: int, choice: Choice) -> str:
    says = _words_of(choice)
    title = one_line(choice.title) or says
    return (SAME_WORDS if title == says else OTHER_WORDS).format(
        number=number, title=title, says=says
    )


def _words_of(choice: Choice) -> str:
    """Return what a citizen must write to choose it."""
    return one_line(choice.says) or one_line(choice.title)


def size_of(text: str) -> int:
    # How the platform counts is not told; in UTF-16 no way of counting gives more characters.
    return len(text.encode("utf-16-le")) // 2
