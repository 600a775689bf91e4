"""`python -m nlu.trainer serve|work|prepare|warm`: the service, one training, what comes before."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from nlu.trainer.folder import ModelFolder
from nlu.trainer.training import Places

ROOT = Path(__file__).parents[2]


def main() -> int:
    wanted = _arguments()
    places = Places(ModelFolder(wanted.models), wanted.base, wanted.data)
    if wanted.command == "serve":
        from nlu.trainer.service import serve  # noqa: PLC0415 - a training needs no web server

        serve(places, wanted.host, wanted.port)
        return 0
    if wanted.command in {"prepare", "warm"}:
        from nlu.trainer import preparing, questions  # noqa: PLC0415
        from nlu.trainer.vectors import kept_in  # noqa: PLC0415

        if wanted.command == "prepare":
            print(preparing.prepare(places))
        else:
            with kept_in(places.models.vectors):
                preparing.warm_up(questions.files(places.nlu_data), places.nlu_data)
        return 0
    from nlu.trainer.working import work  # noqa: PLC0415

    return work(places, wanted.folder, wanted.parent)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="训练、检查和保管理解模型")
    parser.add_argument("command", choices=("serve", "work", "prepare", "warm"))
    parser.add_argument("--models", type=Path, required=True, help="发布的模型所在的目录")
    parser.add_argument("--base", type=Path, default=ROOT / "models", help="随程序训练的模型")
    parser.add_argument("--data", type=Path, default=ROOT / "nlu_data")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5006)
    parser.add_argument("--folder", type=Path, help="一次训练的目录（work）")
    parser.add_argument("--parent", type=int, help="进程号：它不在了，训练就结束（work）")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
