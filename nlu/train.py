"""Train a model: `python -m nlu.train [--data nlu_data] [--out models] [--validate]`.

The data is checked first; a model appears in the folder only when it is whole.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import warnings
from pathlib import Path
from time import monotonic

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

    with tempfile.TemporaryDirectory() as folder:
        build = Path(folder)
        if wanted.validate and not rasa_training.is_valid(data, wanted.data, build):
            print("Rasa 认为数据或规则有问题，没有训练。", file=sys.stderr)
            return 1
        model = rasa_training.train(data, wanted.data, build, wanted.out)
    if model is None:
        print("训练失败，原模型保持不变。", file=sys.stderr)
        return 1
    size_mb = model.stat().st_size / 2**20
    print(f"模型 {model.name}，{size_mb:.1f} MB，用时 {monotonic() - began:.0f} 秒")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="训练理解模型")
    parser.add_argument("--data", type=Path, default=ROOT / "nlu_data")
    parser.add_argument("--out", type=Path, default=ROOT / "models")
    parser.add_argument("--validate", action="store_true", help="先让 Rasa 检查数据和规则")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
