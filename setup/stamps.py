"""Remembers what a folder was made from, so that unchanged work is skipped."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Iterable


def fingerprint(parts: Iterable[Path | str]) -> str:
    """Hash the text of files and plain words together."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.read_bytes() if isinstance(part, Path) else part.encode())
        digest.update(b"\0")
    return digest.hexdigest()


def is_current(stamp: Path, wanted: str) -> bool:
    try:
        return stamp.read_text(encoding="ascii").strip() == wanted
    except OSError:
        return False


def write(stamp: Path, value: str) -> None:
    stamp.write_text(value + "\n", encoding="ascii")
