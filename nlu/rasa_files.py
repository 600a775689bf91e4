"""Write what the model learns from and is tested with, the way Rasa's own commands read it.

`python -m nlu.rasa_files FOLDER`, then for example
`rasa data validate --data FOLDER/data --domain nlu_data/domain --config config/rasa/config.yml`
`rasa test nlu --nlu FOLDER/test_nlu.yml --model models`
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import yaml

from nlu.training_data import BadTrainingData, load, one_line, write_for_rasa

ROOT = Path(__file__).parent.parent
COPIED = ("nlu", "dictionary", "dialogue")


def write(data: Path, out: Path) -> int:
    """Write the folder; return how many forms there are to learn."""
    learnt = load(data)
    folder = out / "data"
    folder.mkdir(parents=True, exist_ok=True)
    write_for_rasa(learnt, folder / "faq.yml")
    for name in COPIED:
        if (data / name).exists():
            shutil.copytree(data / name, folder / name, dirs_exist_ok=True)
    questions = data / "evaluation" / "test.yml"
    if questions.exists():
        _write_test(questions, out / "test_nlu.yml")
    return learnt.form_count


def _write_test(questions: Path, file: Path) -> None:
    """A message with two questions has no single intent, which Rasa's test asks for."""
    asked: dict[str, list[str]] = defaultdict(list)
    for row in yaml.safe_load(questions.read_text(encoding="utf-8")):
        if "intent" in row:
            asked[row["intent"]].append(one_line(row["text"]))
    blocks: list[dict[str, Any]] = [
        {"intent": intent, "examples": "".join(f"- {text}\n" for text in texts)}
        for intent, texts in asked.items()
    ]
    text = yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True, width=10_000)
    file.write_text(text, encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description="写出供 rasa 命令行使用的训练和测试文件")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, default=ROOT / "nlu_data")
    wanted = parser.parse_args()
    try:
        count = write(wanted.data, wanted.folder)
    except BadTrainingData as bad:
        print("训练数据有问题：", *bad.problems, sep="\n  ", file=sys.stderr)
        return 1
    print(f"已写入 {wanted.folder}：{count} 种说法")
    return 0


if __name__ == "__main__":
    sys.exit(main())
