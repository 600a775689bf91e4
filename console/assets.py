"""Addresses of static files that change with their content, so that browsers may keep them."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, url_for

STATIC = Path(__file__).parent / "static"
KEPT_SECONDS = 365 * 24 * 3600


def register(app: Flask) -> None:
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = KEPT_SECONDS
    app.add_template_global(asset)


def asset(name: str) -> str:
    return url_for("static", filename=name, v=_mark(name, (STATIC / name).stat().st_mtime_ns))


@cache
def _mark(name: str, changed_at: int) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
