"""Trainings of the peers, kept by what they were trained from: Rasa's own takes many minutes."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path

from nlu.evaluate.pipelines import Prepared

KEPT = 12
_DECIDING_PACKAGES = ("rasa", "tensorflow", "scikit-learn", "jieba")


@dataclass(frozen=True)
class Training:
    """What a training cost. `kept_from` names its day when it was not done in this run."""

    train_seconds: float
    train_processor_seconds: float
    train_process_seconds: float  # with the start of Python and Rasa
    train_memory_mb: float
    load_average: float  # of the machine, when it began
    kept_from: str | None = None


class Cache:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def trained(
        self, prepared: Prepared, train: Callable[[Path], Training]
    ) -> tuple[Path, Training]:
        """Return the kept model of these very inputs, else train one and keep it whole."""
        place = self._folder / fingerprint(prepared)
        if not (place / "training.json").exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=self._folder))
            try:
                done = train(fresh / "model")
                day = f"{datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC"  # noqa: TID251 - no core here
                kept = json.dumps(asdict(replace(done, kept_from=day)))
                (fresh / "training.json").write_text(kept, encoding="utf-8")
                shutil.rmtree(place, ignore_errors=True)
                fresh.rename(place)
            finally:
                shutil.rmtree(fresh, ignore_errors=True)
            self._drop_old()
            return place / "model", done
        kept = json.loads((place / "training.json").read_text(encoding="utf-8"))
        return place / "model", Training(**kept)

    def _drop_old(self) -> None:
        def age(place: Path) -> float:
            return place.stat().st_mtime

        for old in sorted(self._folder.glob("[!.]*"), key=age)[:-KEPT]:
            shutil.rmtree(old, ignore_errors=True)


def fingerprint(prepared: Prepared) -> str:
    """Return a hash of everything that decides what is learnt."""
    digest = hashlib.sha256(repr(prepared.data).encode())
    config = prepared.config or Path(__file__).parent / "plain_engine.py"
    digest.update(config.read_bytes())
    for part in ("domain", "nlu", "dialogue"):
        for file in sorted((prepared.folder / part).rglob("*.yml")):
            digest.update(file.relative_to(prepared.folder).as_posix().encode())
            digest.update(file.read_bytes())
    for package in _DECIDING_PACKAGES:
        digest.update(f"{package} {version(package)}".encode())
    return digest.hexdigest()[:16]
