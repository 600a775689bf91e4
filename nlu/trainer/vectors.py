"""Vectors of sentences kept between trainings: most forms of the store have not changed."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from nlu import sentences

logger = logging.getLogger(__name__)


class _Known(dict[str, np.ndarray]):
    """Vectors, and which of them this training has used."""

    def __init__(self, given: dict[str, np.ndarray]) -> None:
        super().__init__(given)
        self.used: set[str] = set()

    def __getitem__(self, text: str) -> np.ndarray:
        self.used.add(text)
        return super().__getitem__(text)


@contextmanager
def kept_in(file: Path) -> Iterator[None]:
    """Let the training find vectors in the file; what it used is there the next time."""
    known = _Known(_read(file))
    before = set(known)
    sentences.remember(known)
    yield
    if known.used != before:
        _write(file, {text: known[text] for text in known.used})


def _read(file: Path) -> dict[str, np.ndarray]:
    # A damaged or foreign file only costs the time to compute its vectors again.
    with suppress(OSError, ValueError, KeyError, EOFError), np.load(file) as kept:
        texts = json.loads(bytes(kept["texts"]).decode())
        return dict(zip(texts, kept["vectors"], strict=True))
    return {}


def _write(file: Path, vectors: dict[str, np.ndarray]) -> None:
    arriving = file.with_name(f".{file.name}.arriving")
    try:
        with arriving.open("wb") as out:
            texts = np.frombuffer(json.dumps(list(vectors)).encode(), np.uint8)
            np.savez(out, texts=texts, vectors=np.array(list(vectors.values()), np.float32))
        os.replace(arriving, file)
    except OSError as error:
        logger.warning("vectors not kept: %s", error)
        with suppress(OSError):
            arriving.unlink()
