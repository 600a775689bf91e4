"""What the supervisor says at the terminal."""

import re
import sys
from threading import Lock
from time import monotonic

# Standard logging, structlog in words, structlog as JSON; a supervisor's own note.
TROUBLE = re.compile(
    r"\b(?:WARNING|ERROR|CRITICAL|FATAL)\b|\[(?:warning|error|critical) *\]"
    r'|"level": *"(?:warning|error|critical)"|^意外退出|^无法启动'
)
COLOURS = ("36", "32", "34", "35", "33", "96", "92", "94")

SAME_AGAIN_SECONDS = 60.0

_lock = Lock()
_shown_at: dict[tuple[str, str], float] = {}


def say(text: str = "") -> None:
    with _lock:
        print(text, flush=True)


def show_trouble(program: str, line: str) -> None:
    """Show a program's warnings and errors; everything else stays in its log."""
    if TROUBLE.search(line) and _is_news(program, line):
        colour = COLOURS[sum(program.encode()) % len(COLOURS)]
        name = f"\033[{colour}m{program}\033[0m" if sys.stdout.isatty() else program
        say(f"  {name} | {line[:500]}")


def _is_news(program: str, line: str) -> bool:
    """Tell whether the line, its times and numbers aside, was not shown a moment ago."""
    key = (program, re.sub(r"\d+", "#", line))
    now = monotonic()
    with _lock:
        before = _shown_at.get(key)
        if before is None or now - before > SAME_AGAIN_SECONDS:
            _shown_at[key] = now
            return True
    return False
