"""What models were heard to say, kept between trainings: today's candidate is live tomorrow."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple
from pathlib import Path
from typing import Any

from nlu.trainer.hearing import Asked, Heard

KEPT = 3


class HeardBefore:
    """Hearings by model, for these questions and this program; anything else is not known."""

    def __init__(self, file: Path, *, base: str, asked: Sequence[Asked]) -> None:
        self._file = file
        texts = sorted({one.text for one in asked})
        self._key = f"{base}:{hashlib.sha256(json.dumps(texts).encode()).hexdigest()}"

    def of(self, version: str) -> dict[str, Heard] | None:
        found = self._read().get(f"{self._key}:{version}")
        if found is None:
            return None
        return {
            text: Heard(answered, tuple(offered), confidence, best)
            for text, (answered, offered, confidence, best) in found.items()
        }

    def note(self, version: str, hearings: Mapping[str, Heard]) -> None:
        kept = dict(list(self._read().items())[1 - KEPT :])
        kept[f"{self._key}:{version}"] = {text: astuple(one) for text, one in hearings.items()}
        arriving = self._file.with_name(f".{self._file.name}.arriving")
        # Without it the next training hears the live model again, no more.
        with suppress(OSError):
            arriving.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
            os.replace(arriving, self._file)

    def _read(self) -> dict[str, Any]:
        with suppress(OSError, ValueError):
            found = json.loads(self._file.read_text(encoding="utf-8"))
            return found if isinstance(found, dict) else {}
        return {}
