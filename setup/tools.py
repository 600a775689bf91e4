"""Finds uv, or installs it into the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from setup.messages import SetupFailed, Step, run

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"


def works(command: list[str]) -> bool:
    """Tell whether a command answers `--version`; shims may exist and not work."""
    try:
        done = subprocess.run(
            [*command, "--version"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def on_path(name: str) -> str | None:
    """Return the first command of this name that really runs."""
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        found = shutil.which(name, path=folder) if folder else None
        if found and works([found]):
            return found
    return None


def find_uv() -> Path:
    own = TOOLS / "uv" / "bin" / "uv"
    if works([str(own)]):
        return own
    found = on_path("uv")
    if found:
        return Path(found)
    for home in (Path.home() / ".local/bin/uv", Path.home() / ".cargo/bin/uv"):
        if works([str(home)]):
            return home
    with Step("安装 uv 到 .tools"):
        install_uv()
    if not works([str(own)]):
        raise SetupFailed(f"uv 装好了却不能运行：{own}")
    return own


def install_uv() -> None:
    shutil.rmtree(TOOLS / "uv", ignore_errors=True)
    pip_options = ["--quiet", "--disable-pip-version-check", "uv"]
    try:
        run([sys.executable, "-m", "venv", TOOLS / "uv"], doing="建立工具环境")
    except SetupFailed:
        # Debian's python3 comes without ensurepip, but perhaps with pip.
        if not works([sys.executable, "-m", "pip"]):
            raise SetupFailed(
                "没有 uv，本机的 python3 也没有 venv 和 pip，无法安装它。\n"
                "    任选一种办法后重试：apt install python3-venv；apt install python3-pip；"
                "或自行安装 uv。"
            ) from None
        shutil.rmtree(TOOLS / "uv", ignore_errors=True)
        run(
            [sys.executable, "-m", "pip", "install", "--target", TOOLS / "uv", *pip_options],
            doing="安装 uv",
        )
        return
    run([TOOLS / "uv" / "bin" / "python", "-m", "pip", "install", *pip_options], doing="安装 uv")
