"""Our own source files, as git knows them, and what stands in them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def committed(*patterns: str) -> tuple[str, ...]:
    """Return the names of our files, relative to the root, in order."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *patterns],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout.split("\0")
    return tuple(name for name in listed if name and (ROOT / name).is_file())


@cache
def tree(name: str) -> ast.Module:
    return ast.parse((ROOT / name).read_text(encoding="utf-8"))


def calls(name: str, of: set[str]) -> Iterator[int]:
    """Yield the lines where a method with one of these names is called."""
    for node in ast.walk(tree(name)):
        match node:
            case ast.Call(func=ast.Attribute(attr=method)) if method in of:
                yield node.lineno
