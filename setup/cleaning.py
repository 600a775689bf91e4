"""Removes what the commands made."""

from __future__ import annotations

import fcntl
import shutil

from setup.messages import SetupFailed, say
from setup.tools import ROOT

MADE = (".data", "models", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache")
ENVIRONMENTS = (".venv", ".venv-rasa", ".tools", "console/static/vendor")


def clean(*, environments_too: bool = False) -> None:
    refuse_while_running()
    for name in (*MADE, *(ENVIRONMENTS if environments_too else ())):
        if (ROOT / name).exists():
            shutil.rmtree(ROOT / name)
            say(f"已删除 {name}")


def refuse_while_running() -> None:
    try:
        with (ROOT / ".data" / "desk.lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        pass
    except BlockingIOError:
        raise SetupFailed("系统正在运行，请先停止它（Ctrl-C）再清理。") from None
