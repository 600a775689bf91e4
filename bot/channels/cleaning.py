"""Text that every store, parser and platform on the way can hold."""

import re

# Not a character in XML 1.0, or a control character: no store or screen has a use for it.
_UNWANTED = re.compile("[^\t\n\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean_text(text: str) -> str:
    """Drop control characters and lone surrogates; end lines in one way."""
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
