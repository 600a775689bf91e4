"""Media in a folder of this machine, or of one that several machines share."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from core.media.storing import StoredContent

_HASH = re.compile(r"[0-9a-f]{64}")
_UNFINISHED = ".part"


class MediaFolder:
    """Each content is a file named by its hash, whole or not there at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        place = self._place(sha256)
        if place.exists():
            # Sweeping leaves alone what was put here lately: its row may not be written yet.
            os.utime(place)
            return sha256
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        handle, name = tempfile.mkstemp(dir=place.parent, suffix=_UNFINISHED)
        draft = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(place)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        return sha256

    def path_of(self, sha256: str) -> Path | None:
        place = self._place(sha256)
        return place if place.is_file() else None

    def delete(self, sha256: str) -> None:
        self._place(sha256).unlink(missing_ok=True)

    def contents(self) -> Iterator[StoredContent]:
        for file in sorted(self._folder.glob("??/*")):
            if _HASH.fullmatch(file.name):
                facts = file.stat()
                stored_at = datetime.fromtimestamp(facts.st_mtime, UTC)
                yield StoredContent(file.name, facts.st_size, stored_at)

    def _place(self, sha256: str) -> Path:
        if not _HASH.fullmatch(sha256):
            raise ValueError("not a hash")
        return self._folder / sha256[:2] / sha256
