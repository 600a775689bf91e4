"""What runs in a process of its own, so that time and memory are those of one pipeline."""

from __future__ import annotations

import asyncio
import os
import re
import resource
import sys
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from time import perf_counter, process_time
from types import ModuleType
from typing import Any

from nlu.evaluate.pipelines import Prepared
from nlu.train import FOR_RASA

WARM_UP_TEXTS = 20


@dataclass(frozen=True)
class Trained:
    seconds: float
    processor_seconds: float
    peak_memory_mb: float


@dataclass(frozen=True)
class Answers:
    """What Rasa made of each text, and how long it took."""

    parsed: list[dict[str, Any]]
    milliseconds: list[float]
    processor_milliseconds: float  # for one message on average; other programs do not disturb it
    load_seconds: float
    memory_mb: float


def train(prepared: Prepared, model: Path, log: Path) -> Trained:
    """Train as `make train` does; the seconds are without the start of Python and Rasa."""
    _be_alone(log)
    engine = _engine(prepared)
    began, used = perf_counter(), process_time()
    engine.learn(prepared, model)
    seconds, processor_seconds = perf_counter() - began, process_time() - used
    peak_memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Trained(seconds, processor_seconds, peak_memory_mb)


def answer(prepared: Prepared, model: Path, texts: Sequence[str], log: Path) -> Answers:
    """Load the model and give it the texts one after the other, as the desk's door does."""
    _be_alone(log)
    engine = _engine(prepared)
    began = perf_counter()
    read = engine.load(model)
    load_seconds = perf_counter() - began

    async def read_all() -> tuple[list[dict[str, Any]], list[float], float]:
        parsed, milliseconds = [], []
        for text in texts[:WARM_UP_TEXTS]:
            await read(text)
        used = process_time()
        for text in texts:
            began = perf_counter()
            found = await read(text)
            milliseconds.append((perf_counter() - began) * 1000)
            parsed.append(_kept(found))
        used = (process_time() - used) * 1000 / max(len(texts), 1)
        return parsed, milliseconds, used

    return Answers(*asyncio.run(read_all()), load_seconds, _resident_mb())


def _engine(prepared: Prepared) -> ModuleType:
    """Import what trains and reads; that takes seconds, which belong to neither."""
    name = "plain_engine" if prepared.config is None else "rasa_engine"
    return import_module(f"nlu.evaluate.{name}")


def _kept(parsed: dict[str, Any]) -> dict[str, Any]:
    return {
        name: parsed[name]
        for name in ("intent", "intent_ranking", "response_selector", "in_scope")
        if name in parsed
    }


def _be_alone(log: Path) -> None:
    """Send what Rasa and TensorFlow print to a file, and set what they read when imported."""
    os.environ.update(FOR_RASA)
    warnings.simplefilter("ignore")
    sys.stdout.flush()
    sys.stderr.flush()
    with log.open("a") as written:
        os.dup2(written.fileno(), 1)
        os.dup2(written.fileno(), 2)


def _resident_mb() -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="utf-8"))
    return int(found[1]) / 1024 if found else 0.0
