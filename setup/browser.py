"""A Chromium and a Chinese font for browser tests; without them those tests are skipped."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from setup import environments
from setup.messages import SetupFailed, Step, run, say
from setup.tools import on_path, works

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
HOW_TO_GET_ONE = (
    "没有 Chromium，浏览器测试会跳过。安装办法：apt install chromium fonts-noto-cjk，"
    "或 .venv/bin/playwright install --with-deps chromium"
)


def find_chromium() -> str | None:
    """Return a Chromium that runs: the system's, else the one Playwright downloaded."""
    for name in NAMES:
        found = on_path(name)
        if found:
            return found
    if MAC.exists():
        return str(MAC)
    downloads = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache/ms-playwright"
    for downloaded in sorted(Path(downloads).glob("chromium-*/chrome-linux*/chrome"), reverse=True):
        if works([str(downloaded)]):
            return str(downloaded)
    return None


def has_chinese_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    fonts = subprocess.run(
        ["fc-list", ":lang=zh", "family"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return bool(fonts.stdout.strip())


def ensure() -> None:
    """Get what is missing where that is possible; never fail for it."""
    missing = [] if find_chromium() else ["chromium"]
    missing += [] if has_chinese_font() else ["fontconfig", "fonts-noto-cjk"]
    if missing and shutil.which("apt-get") and os.geteuid() == 0:
        install_with_apt(missing)
    if not find_chromium():
        install_with_playwright()
    if not find_chromium():
        say(HOW_TO_GET_ONE)


def install_with_apt(packages: list[str]) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    try:
        with Step(f"用 apt 安装 {'、'.join(packages)}"):
            run([*apt, "update"], doing="apt-get update", environment=quiet, seconds=300)
            run(
                [*apt, "install", "-y", "--no-install-recommends", *packages],
                doing="apt-get install",
                environment=quiet,
                seconds=900,
            )
    except SetupFailed as error:
        say(str(error))


def install_with_playwright() -> None:
    python = environments.DESK.python
    if not python.exists():
        return
    try:
        with Step("用 Playwright 下载 Chromium"):
            run(
                [python, "-m", "playwright", "install", "chromium"],
                doing="下载 Chromium",
                seconds=600,
            )
    except SetupFailed as error:
        say(str(error))
