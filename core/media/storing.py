"""Where the bytes lie: a folder today, any store that keeps these promises tomorrow."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class StoredContent:
    sha256: str
    size_bytes: int
    stored_at: datetime  # when it was last put here, even if it was here already


class MediaStore(Protocol):
    def put(self, content: bytes) -> str:
        """Keep the content and return its hash. The same content is kept once."""

    def path_of(self, sha256: str) -> Path | None:
        """Return a file to read the content from; None when it is not here."""

    def delete(self, sha256: str) -> None:
        """Forget the content; one that is not here is forgotten already."""

    def contents(self) -> Iterator[StoredContent]:
        """Go through everything that is kept."""
