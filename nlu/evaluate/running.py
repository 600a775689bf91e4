"""Trains the pipelines and lets them read, each step in a fresh process."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

from nlu.evaluate import measuring
from nlu.evaluate.cache import Cache, Training
from nlu.evaluate.pipelines import Pipeline, prepare
from nlu.evaluate.rows import Lesson
from nlu.evaluate.understanding import Understood, understood

_T = TypeVar("_T")


class MeasuringFailed(Exception):
    """A pipeline could not be trained or asked; the text says which and how its log ends."""


@dataclass(frozen=True)
class Run:
    """One pipeline, trained and asked everything."""

    pipeline: Pipeline
    training: Training
    processor_ms: float
    load_seconds: float
    memory_mb: float
    understandings: Mapping[str, Understood]

    def costs(self) -> dict[str, Any]:
        return {
            **asdict(self.training),
            "processor_ms": self.processor_ms,
            "load_seconds": self.load_seconds,
            "memory_mb": self.memory_mb,
        }


def run(pipeline: Pipeline, lesson: Lesson, texts: Sequence[str], cache: Cache) -> Run:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log = folder / "log.txt"
        build = folder / "build"
        build.mkdir()
        prepared = prepare(pipeline, lesson, build)

        def train(model: Path) -> Training:
            load_before, began = os.getloadavg()[0], perf_counter()
            trained = _alone(f"{pipeline.title} 训练", log, measuring.train, prepared, model, log)
            return Training(
                train_seconds=trained.seconds,
                train_processor_seconds=trained.processor_seconds,
                train_process_seconds=perf_counter() - began,
                train_memory_mb=trained.peak_memory_mb,
                load_average=load_before,
            )

        if pipeline.is_peer:
            model, training = cache.trained(prepared, train)
        else:
            model = folder / "model.tar.gz"
            training = train(model)
        found = _alone(f"{pipeline.title} 作答", log, measuring.answer, prepared, model, texts, log)
    return Run(
        pipeline,
        training,
        found.processor_milliseconds,
        found.load_seconds,
        found.memory_mb,
        {
            text: understood(parsed, prepared.labels, milliseconds)
            for text, parsed, milliseconds in zip(
                texts, found.parsed, found.milliseconds, strict=True
            )
        },
    )


def _alone(doing: str, log: Path, work: Callable[..., _T], *arguments: Any) -> _T:
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as process:
        try:
            return process.submit(work, *arguments).result()
        except Exception as error:
            said = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
            raise MeasuringFailed(f"{doing}失败：{error}\n{said[-2000:]}") from error
