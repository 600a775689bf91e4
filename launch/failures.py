"""What keeps the desk from starting, in words for the person at the terminal."""

import errno
import re
from collections.abc import Iterable

QUOTED_LINES = 8
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class LaunchFailed(Exception):
    """The start cannot go on; the text says why and what helps."""


def reason(error: OSError) -> str:
    """Say the usual operating system refusals in Chinese."""
    known = {
        errno.ENOSPC: "磁盘已满，请清理后重试",
        errno.EDQUOT: "磁盘配额已用完，请清理后重试",
        errno.EACCES: "没有权限",
        errno.EROFS: "文件系统是只读的",
    }
    said = known.get(error.errno or 0, error.strerror or str(error))
    return f"{said}（{error.filename}）" if error.filename else said


def last_words(lines: Iterable[str]) -> str:
    """Quote the end of what a program said, led by the reason where it is a usual one.

    Of a traceback only the exception itself is quoted: the log has the rest.
    """
    said = without_tracebacks(COLOUR.sub("", line) for line in lines)[-QUOTED_LINES:]
    full = any("No space left on device" in line for line in said)
    reasons = ["磁盘已满，请清理后重试。"] if full else []
    return "\n    ".join(["", *reasons, *(said or ["（没有任何输出）"])])


def without_tracebacks(lines: Iterable[str]) -> list[str]:
    kept = []
    inside = False
    for line in lines:
        inside = line.startswith("Traceback ") or (inside and line.startswith("  "))
        if line.strip() and not inside:
            kept.append(line)
    return kept
