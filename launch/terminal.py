"""What the supervisor says at the terminal."""

import re
import sys
from threading import Lock

# Standard logging, structlog in words, structlog as JSON; a supervisor's own note.
TROUBLE = re.compile(
    r"\b(?:WARNING|ERROR|CRITICAL|FATAL)\b|\[(?:warning|error|critical) *\]"
    r'|"level": *"(?:warning|error|critical)"|^意外退出|^无法启动'
)
COLOURS = ("36", "32", "34", "35", "33", "96", "92", "94")

_lock = Lock()


def say(text: str = "") -> None:
    with _lock:
        print(text, flush=True)


def show_trouble(program: str, line: str) -> None:
    """Show a program's warnings and errors; everything else stays in its log."""
    if TROUBLE.search(line):
        colour = COLOURS[sum(program.encode()) % len(COLOURS)]
        name = f"\033[{colour}m{program}\033[0m" if sys.stdout.isatty() else program
        say(f"  {name} | {line[:500]}")
