"""Training and checking by Rasa itself. Importing this module takes seconds."""

from __future__ import annotations

import logging
from datetime import datetime, timezone
from pathlib import Path

from rasa import model_training
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.utils.log_utils import configure_structlog
from rasa.validator import Validator

from nlu.training_data import TrainingData, write_for_rasa

ROOT = Path(__file__).parent.parent
MODELS_KEPT = 5
CONFIG = ROOT / "config" / "rasa" / "config.yml"


def train(
    data: TrainingData, folder: Path, build: Path, out: Path, config: Path = CONFIG
) -> Path | None:
    """Train in the build folder, then move the model into place in one step."""
    be_quiet()
    name = f"{datetime.now(timezone.utc):%Y%m%d-%H%M%S}"  # noqa: TID251 - no core in this environment
    result = model_training.train(
        domain=str(folder / "domain"),
        config=str(config),
        training_files=_training_files(data, folder, build),
        output=str(build / "model"),
        fixed_model_name=name,
        force_training=True,
    )
    if result.code != 0 or result.model is None:
        return None
    return put_into(Path(result.model), out)


def put_into(made: Path, out: Path) -> Path:
    """Move a model into place in one step, and drop those that are too old."""
    out.mkdir(parents=True, exist_ok=True)
    arriving = out / f".{made.name}.arriving"
    arriving.write_bytes(made.read_bytes())
    model = arriving.rename(out / made.name)
    _drop_old(out)
    return model


def _drop_old(out: Path) -> None:
    for old in sorted(out.glob("*.tar.gz"))[:-MODELS_KEPT]:
        old.unlink()


def is_valid(data: TrainingData, folder: Path, build: Path) -> bool:
    """Let Rasa look over domain, data and rules."""
    be_quiet()
    importer = TrainingDataImporter.load_from_config(
        str(CONFIG), str(folder / "domain"), _training_files(data, folder, build)
    )
    validator = Validator.from_importer(importer)
    return bool(
        validator.verify_domain_validity()
        and validator.verify_intents(ignore_warnings=False)
        and validator.verify_utterances_in_stories(ignore_warnings=True)
        and validator.verify_story_structure(ignore_warnings=False)
    )


def be_quiet() -> None:
    # Left alone, Rasa's structured logger writes every message and step it sees.
    configure_structlog(logging.WARNING)
    logging.getLogger("rasa").setLevel(logging.WARNING)


def _training_files(data: TrainingData, folder: Path, build: Path) -> list[str]:
    questions = build / "faq.yml"
    write_for_rasa(data, questions)
    parts = [folder / name for name in ("nlu", "dictionary", "dialogue")]
    return [str(questions), *(str(part) for part in parts if part.exists())]
