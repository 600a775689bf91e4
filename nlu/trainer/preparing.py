"""Before Rasa starts: let `live/` hold a model that fits the program as it is now.

What an office has released stays released when the program is updated: its questions are learnt
again on the program's new rules. Only where nothing was ever released does the model of the
program itself serve.
"""

from __future__ import annotations

import shutil
import sys
from contextlib import suppress
from pathlib import Path

from nlu import sentences
from nlu.ranker import QuestionRanker
from nlu.text import normalise
from nlu.trainer import hearing, packages, questions, vectors
from nlu.trainer.folder import VECTORS, ModelFolder, NoSuchModel, Release, newest
from nlu.trainer.packages import BadModel
from nlu.trainer.questions import Store
from nlu.trainer.training import Places
from nlu.training_data import BadTrainingData, TrainingData

STEP = 50


def prepare(places: Places) -> str:
    """Return the version that Rasa will start with."""
    models, base = places.models, newest(places.base)
    if not models.vectors.exists() and (places.base / VECTORS).exists():
        models.path.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(places.base / VECTORS, models.vectors)
    live = models.live()
    released = models.release(packages.version_of(live)) if live else None
    if released is not None and not released.is_bootstrap:
        return _again(places, released)
    return adopt(places, packages.version_of(base)).version


def warm_up(data: TrainingData, nlu_data: Path) -> None:
    """Compute the vectors that the first training would wait for."""
    asked = hearing.read_sets(nlu_data / "evaluation")
    texts = [form.text for form in Store.of_files(data).forms] + [one.text for one in asked]
    for start in range(0, len(texts), STEP):
        sentences.vectors([normalise(text) for text in texts[start : start + STEP]])


def adopt(places: Places, version: str) -> Release:
    """Take the program's own model among the releases, and let it be live."""
    base = newest(places.base)
    entries = [entry.plain() for entry in Store.of_files(questions.files(places.nlu_data)).entries]
    models = places.models
    models.keep(base, version=version, base=version, entries=entries, is_bootstrap=True)
    found = models.make_live(version)
    models.drop_old()
    return found


def _again(places: Places, released: Release) -> str:
    models = places.models
    try:
        fitting = refit(places, released)
        models.make_live(fitting.version)
    except (BadModel, BadTrainingData, NoSuchModel, OSError) as error:
        live = models.live()
        if live is None or not packages.is_readable(live):
            return _newest_whole(places, released, error)
        # The desk's own release is worth more than a model that knows none of its questions.
        print(f"未能按新程序重新学习 {released.version}，继续使用原来的：{error}", file=sys.stderr)
    return released.version


def _newest_whole(places: Places, lost: Release, error: Exception) -> str:
    """Let the newest release serve whose file is whole; without one, the program's own model."""
    print(f"线上模型 {lost.version} 的文件已损坏：{error}", file=sys.stderr)
    for other in reversed(places.models.all()):
        if other.version != lost.version and not other.is_bootstrap:
            with suppress(BadModel, BadTrainingData, NoSuchModel, OSError):
                return places.models.make_live(refit(places, other).version).version
    return adopt(places, packages.version_of(newest(places.base))).version


def refit(places: Places, released: Release) -> Release:
    """Return the release as a model of the program as it is now, learning it again if need be."""
    base = newest(places.base)
    models: ModelFolder = places.models
    if released.base == packages.version_of(base):
        return models.verified(released.version)
    store = questions.parse(released.entries, questions.files(places.nlu_data))
    wrong = questions.problems(store)
    if wrong:
        raise BadTrainingData([problem.text for problem in wrong])
    with vectors.kept_in(models.vectors):
        dense = packages.settings(base)["dense"]
        ranker = QuestionRanker.learn(store.forms, use_dense=dense)
    packages.write(base, ranker, released.file)
    return models.keep(
        released.file,
        version=released.version,
        base=packages.version_of(base),
        entries=released.entries,
    )
