"""What must be done before the programs start: tables, demo data, a trained model."""

import fcntl
import hashlib
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from launch.processes import Command, run_once
from launch.programs import MODELS, PYTHON, RASA_PYTHON, ROOT, released_models

LEARNT_FROM = ("nlu_data", "nlu", "config/rasa/config.yml", "requirements/rasa.txt")
NOT_LEARNT = {"__pycache__", "tests", "evaluate", "evaluation", "trainer"}  # they only measure
STAMP = MODELS / ".trained-from"


def migrate(environment: Mapping[str, str]) -> None:
    _step("migrate", (PYTHON, "-m", "launch.migrating"), environment, doing="更新数据库表结构")


def seed(environment: Mapping[str, str]) -> None:
    """Fill an empty database with a believable office; leave one with data alone."""
    _step("seed", (PYTHON, "-m", "launch.seeding"), environment, doing="写入演示数据")


def train(environment: Mapping[str, str], *, result: Path) -> None:
    """Train from the files, through the gate, and remember from what.

    What fails or is refused leaves the former model in place. `result` is written for people.
    """
    released = released_models(Path(environment["DESK_DATA_FOLDER"]))
    with _only_trainer():
        _train(environment, "--live", str(released), "--result", str(result))
    prepare_models(environment)


def train_when_needed(environment: Mapping[str, str]) -> None:
    with _only_trainer():
        if not model_is_current():
            _train(environment)


def prepare_models(environment: Mapping[str, str]) -> None:
    """Let Rasa start with what this desk has released, as a model of the program as it is."""
    released = released_models(Path(environment["DESK_DATA_FOLDER"]))
    prepared_for = released / "prepared-for"
    base = max(MODELS.glob("*.tar.gz")).name
    if prepared_for.exists() and prepared_for.read_text() == base and _is_whole(released / "live"):
        return
    _step("prepare", _trainer("prepare", released), environment, doing="准备模型")
    prepared_for.write_text(base)


def _is_whole(live: Path) -> bool:
    """Tell whether what Rasa is to start with can be read to its end."""
    models = list(live.glob("*.tar.gz"))
    try:
        for model in models:
            with tarfile.open(model) as package:
                for _ in package:
                    pass
    except (OSError, EOFError, tarfile.TarError, zlib.error):
        return False
    return bool(models)


def model_is_current() -> bool:
    if not any(MODELS.glob("*.tar.gz")) or not STAMP.exists():
        return False
    return STAMP.read_text().strip() == _fingerprint()


def _trainer(command: str, released: Path) -> tuple[str, ...]:
    places = ("--models", str(released), "--base", str(MODELS))
    return (RASA_PYTHON, "-m", "nlu.trainer", command, *places)


def _train(environment: Mapping[str, str], *options: str) -> None:
    learnt_from = _fingerprint()
    quiet = {**environment, "RASA_TELEMETRY_ENABLED": "false", "PYTHONWARNINGS": "ignore"}
    _step("train", (RASA_PYTHON, "-m", "nlu.train", *options), quiet, doing="训练模型")
    STAMP.write_text(learnt_from + "\n")


def _step(name: str, argv: tuple[str, ...], environment: Mapping[str, str], *, doing: str) -> None:
    log = Path(environment["DESK_DATA_FOLDER"]) / "logs" / f"{name}.log"
    run_once(Command(name, argv, folder=ROOT, environment=environment), doing=doing, log=log)


@contextmanager
def _only_trainer() -> Iterator[None]:
    MODELS.mkdir(exist_ok=True)
    with (MODELS / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in _files():
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    for name in LEARNT_FROM:
        path = ROOT / name
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (
            file
            for file in found
            if file.is_file() and not NOT_LEARNT.intersection(file.relative_to(ROOT).parts)
        )
