"""What set-up says to the person at the terminal."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Mapping, Sequence

NO_SPACE = ("No space left on device", "os error 28", "ENOSPC")
NO_TRUST = ("invalid peer certificate", "CERTIFICATE_VERIFY_FAILED", "SELF_SIGNED_CERT")
NO_NETWORK = (
    "error sending request",
    "Failed to fetch",
    "Could not connect",
    "Connection refused",
    "dns error",
    "ENOTFOUND",
    "EAI_AGAIN",
    "ETIMEDOUT",
    "ECONNREFUSED",
    "NewConnectionError",
    "Temporary failure",
    "timed out",
)


class SetupFailed(Exception):
    """Set-up cannot go on; the text says what is missing and what helps."""


def say(text: str) -> None:
    print(f"[准备] {text}", flush=True)


class Step:
    """Says what is being done and, when it is done, how long it took."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __enter__(self) -> None:
        self.started = time.monotonic()
        say(f"{self.text} …")

    def __exit__(self, failure: object, *_: object) -> None:
        if failure is None:
            say(f"{self.text}：完成，用时 {time.monotonic() - self.started:.0f} 秒")


def run(
    command: Sequence[str | Path],
    *,
    doing: str,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    seconds: float = 3600,
) -> None:
    """Run a command whose failure ends set-up with one message."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            env=None if environment is None else dict(environment),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SetupFailed(f"{doing}失败：{seconds:.0f} 秒内没有完成。请检查网络后重试。") from None
    except OSError as error:
        raise SetupFailed(f"{doing}失败：{explain(str(error))}") from None
    if done.returncode != 0:
        raise SetupFailed(f"{doing}失败：{explain(done.stdout)}")


def explain(output: str) -> str:
    """Turn a tool's complaint into the likely reason, followed by the tool's own last words."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    words = "\n    ".join(lines[-6:]) or "（没有任何输出）"
    if any(sign in output for sign in NO_SPACE):
        return f"磁盘空间不足，请清理后重试（Rasa 环境约需 3 GB）。\n    {words}"
    if any(sign in output for sign in NO_TRUST):
        return (
            "软件包仓库的证书不受信任。单位网络使用自己的证书时，请设置 UV_SYSTEM_CERTS=true"
            "（或用 SSL_CERT_FILE 指出证书文件）后重试。\n    " + words
        )
    if any(sign in output for sign in NO_NETWORK):
        return (
            "连不上软件包仓库。请检查网络；国内镜像可用环境变量 UV_DEFAULT_INDEX"
            "（Python）和 npm config（前端）指定。\n    " + words
        )
    return words


def fail(error: Exception) -> int:
    print(f"\n[准备] 未完成：{error}", file=sys.stderr, flush=True)
    return 1
