"""A pipeline inside Rasa, trained and asked as the desk does. Importing this takes seconds."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent

from nlu import rasa_training
from nlu.desk_channel import as_plain_words
from nlu.evaluate.pipelines import Prepared


def learn(prepared: Prepared, model: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        build = Path(folder)
        made = rasa_training.train(
            prepared.data,
            prepared.folder,
            build,
            build / "out",
            prepared.config or rasa_training.CONFIG,
        )
        if made is None:
            raise RuntimeError("Rasa made no model")
        shutil.copyfile(made, model)


def load(model: Path) -> Callable[[str], Awaitable[dict[str, Any]]]:
    rasa_training.be_quiet()
    bot = Agent.load(str(model))

    async def read(text: str) -> dict[str, Any]:
        return await bot.parse_message(as_plain_words(text))

    return read
