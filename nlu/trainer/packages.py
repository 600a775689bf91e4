"""Model files: what Rasa learnt of rules and domain, with a classifier of our own put in.

What editors change is the questions. Rules, domain and policies stay those of the program, so a
model is made from one that Rasa has trained by putting another classifier into it: seconds
instead of half a minute, and byte for byte the dialogue that was tested.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import tempfile
import uuid
import zlib
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from nlu.decision import Thresholds
from nlu.ranker import QuestionRanker

ENDING = ".tar.gz"
CLASSIFIER = "nlu.components.QuestionClassifier"
METADATA = "metadata.json"
RANKING_LENGTH = 5
# Vectors hardly shrink; the first level saves what there is to save.
COMPRESSION = 1


class BadModel(Exception):
    """The file is not a model that this program can read."""


@dataclass(frozen=True)
class Reader:
    """What understands messages inside a model, without Rasa around it."""

    ranker: QuestionRanker
    thresholds: Thresholds
    ranking_length: int


def reader(ranker: QuestionRanker, config: dict[str, Any]) -> Reader:
    names = Thresholds.__dataclass_fields__
    thresholds = Thresholds(**{name: config[name] for name in names})
    return Reader(ranker, thresholds, config.get("ranking_length", RANKING_LENGTH))


def is_readable(model: Path) -> bool:
    """Tell whether the package can be read to its end."""
    try:
        with tarfile.open(model) as package:
            for _ in package:
                pass
    except (OSError, EOFError, tarfile.TarError, zlib.error):
        return False
    return True


def read(model: Path) -> Reader:
    try:
        with tarfile.open(model) as package, tempfile.TemporaryDirectory() as name:
            config = _config(package)
            folder = Path(name)
            for member in _of_classifier(package):
                content = package.extractfile(member)
                if content is not None:
                    (folder / Path(member.name).name).write_bytes(content.read())
            # A model of another version of the program fails in whatever it has otherwise.
            return reader(QuestionRanker.load(folder), config)
    except (tarfile.TarError, EOFError, OSError, LookupError, ValueError, TypeError) as error:
        raise BadModel(f"{model.name}：{error}") from error


def settings(model: Path) -> dict[str, Any]:
    """Return how the classifier of this model is set."""
    try:
        with tarfile.open(model) as package:
            return _config(package)
    except (tarfile.TarError, EOFError, OSError, KeyError, ValueError) as error:
        raise BadModel(f"{model.name}：{error}") from error


def write(base: Path, ranker: QuestionRanker, out: Path) -> None:
    """Write the base with this classifier instead of its own; `out` appears only when whole."""
    out.parent.mkdir(parents=True, exist_ok=True)
    arriving = out.with_name(f".{out.name}.arriving")
    try:
        with (
            tarfile.open(base) as given,
            tarfile.open(arriving, "w:gz", compresslevel=COMPRESSION) as made,
            tempfile.TemporaryDirectory() as name,
        ):
            ranker.save(Path(name))
            replaced = _of_classifier(given)
            place = Path(replaced[0].name).parent
            for member in given.getmembers():
                if member in replaced:
                    continue
                content = given.extractfile(member) if member.isfile() else None
                if content is not None and Path(member.name).name == METADATA:
                    body = _as_new(content.read())
                    member.size = len(body)
                    content = io.BytesIO(body)
                made.addfile(member, content)
            for file in sorted(Path(name).iterdir()):
                made.add(file, arcname=str(place / file.name))
        os.replace(arriving, out)
    except (tarfile.TarError, EOFError, IndexError) as error:
        raise BadModel(f"{base.name}：{error}") from error
    finally:
        arriving.unlink(missing_ok=True)


def digest(file: Path) -> str:
    with file.open("rb") as content:
        found = hashlib.sha256()
        for part in iter(lambda: content.read(1 << 20), b""):
            found.update(part)
    return found.hexdigest()


def version_of(file: Path) -> str:
    return file.name.removesuffix(ENDING)


def _config(package: tarfile.TarFile) -> dict[str, Any]:
    nodes = json.loads(_metadata(package))["predict_schema"]["nodes"]
    return next(dict(node["config"]) for node in nodes.values() if node["uses"] == CLASSIFIER)


def _metadata(package: tarfile.TarFile) -> bytes:
    for member in package.getmembers():
        content = package.extractfile(member) if member.isfile() else None
        if content is not None and Path(member.name).name == METADATA:
            return content.read()
    raise KeyError(METADATA)


def _of_classifier(package: tarfile.TarFile) -> list[tarfile.TarInfo]:
    return [
        member
        for member in package.getmembers()
        if member.isfile() and CLASSIFIER in Path(member.name).parent.name
    ]


def _as_new(metadata: bytes) -> bytes:
    now = datetime.now(timezone.utc)  # noqa: TID251 - no core in this environment
    body = json.loads(metadata)
    body["model_id"] = uuid.uuid4().hex
    body["trained_at"] = now.replace(tzinfo=None).isoformat()
    return json.dumps(body).encode()
