"""Train a model from the files: `python -m nlu.train [--data nlu_data] [--out models]`.

The data is checked first; a model appears in the folder only when it is whole and, with
`--live`, no worse than the model that is live.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import warnings
from pathlib import Path
from time import monotonic

from nlu.trainer.folder import VECTORS, ModelFolder
from nlu.trainer.preparing import warm_up
from nlu.trainer.programs import compare_program
from nlu.trainer.report import in_words
from nlu.trainer.vectors import kept_in
from nlu.training_data import BadTrainingData, load

ROOT = Path(__file__).parent.parent

# Rasa's cache does not notice when a component's own code has changed.
FOR_RASA = {
    "RASA_MAX_CACHE_SIZE": "0",
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TQDM_DISABLE": "1",
}


def main() -> int:
    wanted = _arguments()
    began = monotonic()
    try:
        data = load(wanted.data)
    except BadTrainingData as bad:
        print("训练数据有问题，没有训练：", *bad.problems, sep="\n  ", file=sys.stderr)
        return 1
    print(f"训练：{len(data.questions)} 个问题，{data.form_count} 种说法 …", flush=True)
    os.environ.update(FOR_RASA)
    warnings.simplefilter("ignore")
    from nlu import rasa_training  # noqa: PLC0415 - takes seconds; bad data is told at once

    with tempfile.TemporaryDirectory() as folder, kept_in(wanted.out / VECTORS):
        build = Path(folder)
        if wanted.validate and not rasa_training.is_valid(data, wanted.data, build):
            print("Rasa 认为数据或规则有问题，没有训练。", file=sys.stderr)
            return 1
        made = rasa_training.train(data, wanted.data, build, build / "made")
        if made is None:
            print("训练失败，原模型保持不变。", file=sys.stderr)
            return 1
        if wanted.live is not None and not _passes(made, wanted):
            return 1
        warm_up(data, wanted.data)
        model = rasa_training.put_into(made, wanted.out)
    size_mb = model.stat().st_size / 2**20
    print(f"模型 {model.name}，{size_mb:.1f} MB，用时 {monotonic() - began:.0f} 秒")
    return 0


def _passes(made: Path, wanted: argparse.Namespace) -> bool:
    """Measure the model beside the one that is live, where there is one."""
    report = compare_program(ModelFolder(wanted.live), made, wanted.data)
    if report is None:
        print("没有可比较的线上模型，直接采用。")
        return True
    print(in_words(report))
    return bool(report["verdict"] == "passed")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="训练理解模型")
    parser.add_argument("--data", type=Path, default=ROOT / "nlu_data")
    parser.add_argument("--out", type=Path, default=ROOT / "models")
    parser.add_argument("--live", type=Path, help="与这个目录里的线上模型比较，变差则不采用")
    parser.add_argument("--validate", action="store_true", help="先让 Rasa 检查数据和规则")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
