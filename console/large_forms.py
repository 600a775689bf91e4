"""Forms that carry files are larger than others; everywhere else the narrow limit holds."""

from collections.abc import Callable
from typing import Any

from flask import Flask, request

_LIMIT = "largest_form_bytes"


def takes_files[View: Callable[..., Any]](largest_bytes: int) -> Callable[[View], View]:
    """Let the form of this view be so large, the files in it included."""

    def mark(view: View) -> View:
        setattr(view, _LIMIT, largest_bytes)
        return view

    return mark


def register(app: Flask) -> None:
    """Must come before whatever reads forms."""

    @app.before_request
    def widen() -> None:
        view = app.view_functions.get(request.endpoint or "")
        largest_bytes = getattr(view, _LIMIT, None)
        if largest_bytes is not None:
            request.max_content_length = largest_bytes
