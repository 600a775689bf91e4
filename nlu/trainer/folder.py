"""The folder of models: candidates, releases with what they learnt, and the one that is live.

`live/` holds exactly the model that a Rasa server starts with. A candidate never lies there.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlu.trainer import packages
from nlu.trainer.packages import ENDING, BadModel

KEPT = 5
VECTORS = "vectors.npz"


class NoSuchModel(Exception):
    """There is no whole model of this version."""


@dataclass(frozen=True)
class Release:
    """A model that has passed, as it lies in the folder."""

    version: str
    file: Path
    sha256: str
    size_bytes: int
    base: str
    is_bootstrap: bool
    entries: list[dict[str, Any]]

    @property
    def is_whole(self) -> bool:
        """Whether the file is there in its full length; `verify` reads it."""
        with suppress(OSError):
            return self.file.stat().st_size == self.size_bytes
        return False

    def about(self) -> dict[str, Any]:
        return {
            "version": self.version,
            "path": str(self.file),
            "sha256": self.sha256,
            "size_bytes": self.size_bytes,
            "is_whole": self.is_whole,
            "is_bootstrap": self.is_bootstrap,
            "questions": len(self.entries),
            "forms": sum(1 + len(entry["variants"]) for entry in self.entries),
        }


class ModelFolder:
    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.releases = self.path / "releases"
        self.candidates = self.path / "candidates"
        self.vectors = self.path / VECTORS
        self._live = self.path / "live"

    # --- reading ---------------------------------------------------------------------------

    def live(self) -> Path | None:
        found = sorted(self._live.glob(f"*{ENDING}"), key=lambda file: file.stat().st_mtime)
        return found[-1] if found else None

    def release(self, version: str) -> Release | None:
        with suppress(OSError, ValueError):
            about = json.loads(self._sidecar(version).read_text(encoding="utf-8"))
            return Release(file=self._file(version), version=version, **about)
        return None

    def all(self) -> list[Release]:
        names = sorted(file.stem for file in self.releases.glob("*.json"))
        return [found for found in map(self.release, names) if found is not None]

    def verified(self, version: str) -> Release:
        """Return the release if its file is what was kept, to the last byte."""
        found = self.release(version)
        if found is None or not found.is_whole or packages.digest(found.file) != found.sha256:
            raise NoSuchModel(version)
        return found

    # --- changing --------------------------------------------------------------------------

    def keep(
        self,
        model: Path,
        *,
        version: str,
        base: str,
        entries: list[dict[str, Any]],
        is_bootstrap: bool = False,
    ) -> Release:
        """Put a model among the releases, with what it learnt beside it."""
        self.releases.mkdir(parents=True, exist_ok=True)
        file = self._file(version)
        if model != file:
            _place(model, file)
        about = {
            "sha256": packages.digest(file),
            "size_bytes": file.stat().st_size,
            "base": base,
            "is_bootstrap": is_bootstrap,
            "entries": entries,
        }
        sidecar = self._sidecar(version)
        arriving = sidecar.with_name(f".{sidecar.name}.arriving")
        arriving.write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
        os.replace(arriving, sidecar)
        return Release(version=version, file=file, **about)

    def make_live(self, version: str) -> Release:
        """Let a Rasa server that starts from now on start with this release."""
        found = self.verified(version)
        self._live.mkdir(parents=True, exist_ok=True)
        _place(found.file, self._live / found.file.name)
        for other in self._live.glob(f"*{ENDING}"):
            if other.name != found.file.name:
                other.unlink(missing_ok=True)
        return found

    def drop_old(self, keep: Collection[str] = ()) -> None:
        """Drop all but the newest releases, those named, and the live one."""
        live = self.live()
        kept = {*keep, *(one.version for one in self.all()[-KEPT:])}
        kept |= {packages.version_of(live)} if live else set()
        for file in self.releases.glob(f"*{ENDING}"):
            if packages.version_of(file) not in kept:
                file.unlink(missing_ok=True)
                self._sidecar(packages.version_of(file)).unlink(missing_ok=True)

    def drop_candidates(self) -> None:
        shutil.rmtree(self.candidates, ignore_errors=True)

    def candidate(self, version: str) -> Path:
        """Return the folder of one training."""
        return self.candidates / _plain(version)

    def _file(self, version: str) -> Path:
        return self.releases / f"{_plain(version)}{ENDING}"

    def _sidecar(self, version: str) -> Path:
        return self.releases / f"{_plain(version)}.json"


def newest(base: Path) -> Path:
    """Return the model that Rasa trained last from the files of the program."""
    found = sorted(base.glob(f"*{ENDING}"))
    if not found:
        raise BadModel(f"{base} 里没有模型")
    return found[-1]


def _plain(version: str) -> str:
    if not version or Path(version).name != version or version.startswith("."):
        raise NoSuchModel(version)
    return version


def _place(source: Path, target: Path) -> None:
    """Put a copy in its place in one step; what damages one of them leaves the other whole."""
    arriving = target.with_name(f".{target.name}.arriving")
    try:
        shutil.copyfile(source, arriving)
        os.replace(arriving, target)
    finally:
        arriving.unlink(missing_ok=True)
