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
    told: list[str] = []
    try:
        return _train(wanted, told)
    finally:
        print(*told, sep="\n", flush=True)
        if wanted.result is not None:
            wanted.result.parent.mkdir(parents=True, exist_ok=True)
            wanted.result.write_text("\n".join(told) + "\n", encoding="utf-8")


def _train(wanted: argparse.Namespace, told: list[str]) -> int:
    """Train and tell what came of it; Rasa's own words go where they like."""
    began = monotonic()
    try:
        data = load(wanted.data)
    except BadTrainingData as bad:
        told += ["训练数据有问题，没有训练：", *(f"  {problem}" for problem in bad.problems)]
        return 1
    told.append(f"训练：{len(data.questions)} 个问题，{data.form_count} 种说法")
    os.environ.update(FOR_RASA)
    warnings.simplefilter("ignore")
    from nlu import rasa_training  # noqa: PLC0415 - takes seconds; bad data is told at once

    with tempfile.TemporaryDirectory() as folder, kept_in(wanted.out / VECTORS):
        build = Path(folder)
        if wanted.validate and not rasa_training.is_valid(data, wanted.data, build):
            told.append("Rasa 认为数据或规则有问题，没有训练。")
            return 1
        made = rasa_training.train(data, wanted.data, build, build / "made")
        if made is None:
            told.append("训练失败，原模型保持不变。")
            return 1
        if wanted.live is not None:
            report = compare_program(ModelFolder(wanted.live), made, wanted.data)
            told.append(in_words(report))
            if report["verdict"] == "refused":
                told.append("没有采用新训练的模型。")
                return 1
        warm_up(data, wanted.data)
        model = rasa_training.put_into(made, wanted.out)
    size_mb = model.stat().st_size / 2**20
    told.append(f"模型 {model.name}，{size_mb:.1f} MB，用时 {monotonic() - began:.0f} 秒")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="训练理解模型")
    parser.add_argument("--data", type=Path, default=ROOT / "nlu_data")
    parser.add_argument("--out", type=Path, default=ROOT / "models")
    parser.add_argument("--live", type=Path, help="与这个目录里的线上模型比较，变差则不采用")
    parser.add_argument("--result", type=Path, help="把结果另存到这个文件")
    parser.add_argument("--validate", action="store_true", help="先让 Rasa 检查数据和规则")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
