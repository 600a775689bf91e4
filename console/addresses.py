"""Numbers in addresses: those that no row can have are no addresses of ours."""

from flask import Flask
from werkzeug.routing import IntegerConverter

LARGEST = 2**53 - 1


class RowNumber(IntegerConverter):
    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **{"max": LARGEST, **options})  # type: ignore[arg-type]


def row_number(text: str) -> int:
    """Read a number from a query or a form, or raise ValueError."""
    number = int(text) if text.isdecimal() else 0
    if number > LARGEST:
        raise ValueError("no row has this number")
    return number


def register(app: Flask) -> None:
    app.url_map.converters["int"] = RowNumber
