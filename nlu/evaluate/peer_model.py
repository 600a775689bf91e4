"""Train the desk's own data with Rasa's default pipeline. Runs in Rasa's environment.

`python -m nlu.evaluate.peer_model FOLDER`. How fast a model answers does not depend on how long
it was trained, so a few epochs do; how well it answers is measured by `make eval`.
"""

from __future__ import annotations

import os
import sys
import tempfile
import warnings
from dataclasses import replace
from pathlib import Path

from nlu import training_data
from nlu.evaluate.pipelines import RASA_DEFAULT
from nlu.train import FOR_RASA, ROOT

EPOCHS = 8


def main() -> int:
    out = Path(sys.argv[1])
    if any(out.glob("*.tar.gz")):
        return 0
    os.environ.update(FOR_RASA)
    warnings.simplefilter("ignore")
    from nlu import rasa_training  # noqa: PLC0415 - takes seconds

    with tempfile.TemporaryDirectory() as folder:
        build = Path(folder)
        config = build / "config.yml"
        config.write_text(replace(RASA_DEFAULT, epochs=EPOCHS).config_text(), encoding="utf-8")
        data_folder = ROOT / "nlu_data"
        data = training_data.load(data_folder)
        return 0 if rasa_training.train(data, data_folder, build, out, config) else 1


if __name__ == "__main__":
    sys.exit(main())
