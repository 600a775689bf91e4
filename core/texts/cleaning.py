"""Text that every store, parser and platform on the way can hold."""

import re

# Not a character in XML 1.0, or a control character: no store or screen has a use for it.
_UNWANTED = re.compile("[^\t\n\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENTITY = re.compile(r"&(?=#[xX]?[0-9a-fA-F]|[A-Za-z][A-Za-z0-9]*;)")


def clean_text(text: str) -> str:
    """Drop control characters and lone surrogates; end lines in one way."""
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def inert(text: str) -> str:
    """Clean a text and take the power of markup from it.

    The WeChat app turns `<a href>` in a text into a link that hides its address. What is
    said may quote anybody, so angle brackets become their full-width twins, which read
    the same in Chinese text; an ampersand does only where it would begin an HTML entity.
    """
    text = clean_text(text).replace("<", "＜").replace(">", "＞")
    return _ENTITY.sub("＆", text)


def one_line(text: str) -> str:
    return " ".join(inert(text).split())
