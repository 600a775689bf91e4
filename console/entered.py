"""What people type, before anything is done with it."""

import re
from collections.abc import Iterator

from flask import Flask, abort, request

# Signs no screen shows; a database refuses the first of them, and some hide what follows.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")

LARGEST_ID = 2**63


def cleaned(text: str | None) -> str:
    """Return the text as it is stored: plain lines without hidden signs around or in them."""
    return UNPRINTABLE.sub("", (text or "").replace("\r\n", "\n")).strip()


def row_id(text: str) -> int:
    """Read the id of a row; what no row can have is no id (ValueError)."""
    number = int(text)
    if not 0 < number < LARGEST_ID:
        raise ValueError(text)
    return number


def register(app: Flask) -> None:
    app.before_request(refuse_nul)


def refuse_nul() -> None:
    """Nobody types a NUL, and PostgreSQL stores none."""
    if any("\0" in text for text in _texts()):
        abort(400)


def _texts() -> Iterator[str]:
    yield request.path
    for values in (request.args, request.form):
        for name, texts in values.lists():
            yield name
            yield from texts
