"""Finds a Python of a given version; a candidate counts only after it has really run."""

from __future__ import annotations

import glob
import os
import subprocess
import sys
from pathlib import Path
from typing import Iterator

from setup.messages import SetupFailed, run, say

# A name alone proves nothing: pyenv's shims exist for versions that are switched off,
# and a Python built without ssl or zlib cannot install anything.
PROBE = "import ctypes, ssl, sys, zlib; print('%d.%d' % sys.version_info[:2])"

USUAL_FOLDERS = ("/usr/local/bin", "/usr/bin", "/opt/homebrew/bin", "/opt/python/bin")


def version_of(python: str | Path) -> str | None:
    """Tell the "3.12" of a working interpreter, None for anything else."""
    try:
        probe = subprocess.run(
            [str(python), "-c", PROBE],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return probe.stdout.strip() if probe.returncode == 0 else None


def candidates(version: str) -> Iterator[Path | str]:
    if version == "%d.%d" % sys.version_info[:2]:  # noqa: UP031 - as in PROBE
        yield sys.executable
    folders = [*os.environ.get("PATH", "").split(os.pathsep), *USUAL_FOLDERS]
    for folder in dict.fromkeys(filter(None, folders)):
        for name in (f"python{version}", "python3"):
            if os.path.isfile(os.path.join(folder, name)):
                yield Path(folder) / name
    # The functions of `os` and `glob` pass over folders that may not be looked into.
    pyenv = os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")
    found = glob.glob(f"{glob.escape(pyenv)}/versions/{version}*/bin/python{version}")
    yield from map(Path, sorted(found, reverse=True))


def known_to_uv(uv: Path, version: str) -> str | None:
    found = subprocess.run(
        [str(uv), "python", "find", "--no-project", "--no-python-downloads", version],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        check=False,
    )
    return found.stdout.strip() if found.returncode == 0 else None


def find(version: str, uv: Path) -> str:
    """Return a working interpreter, downloading one with uv as the last resort."""
    for candidate in candidates(version):
        if version_of(candidate) == version:
            return str(candidate)
    known = known_to_uv(uv, version)
    if known and version_of(known) == version:
        return known
    say(f"本机没有 Python {version}，用 uv 下载 …")
    try:
        run([uv, "python", "install", version], doing=f"下载 Python {version}", seconds=900)
    except SetupFailed as error:
        raise SetupFailed(
            f"需要 Python {version}，在 PATH、pyenv 和 uv 里都没有找到，也下载不到。\n"
            f"    任选一种办法后重试：pyenv install {version}；"
            "设置下载镜像 UV_PYTHON_INSTALL_MIRROR；"
            f"或用系统的软件包安装 python{version}。\n    {error}"
        ) from None
    known = known_to_uv(uv, version)
    if known and version_of(known) == version:
        return known
    raise SetupFailed(f"uv 安装的 Python {version} 不能运行：{known or '没有找到'}")
