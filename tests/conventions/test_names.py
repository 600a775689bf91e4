"""One word per idea, and no room for what fits nowhere."""

import ast
import re
from collections.abc import Iterator

from tests.conventions.sources import committed, tree

# What fits nowhere ends up in these; the house has a room for everything.
LUMBER_ROOMS = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}

# A citizen or an operator is meant: nobody is a user, and nothing is an agent.
AVOIDED = {"agent", "agents", "user", "users"}
# Where the word is another's: which files, and why.
REASONS = {
    ("nlu/", "agent"): "Rasa calls a loaded model an agent and hands it over by that name",
    ("launch/processes.py", "user"): "an account of the operating system",
    ("launch/tether.py", "user"): "an account of the operating system",
    ("tests/deploy/front_door.py", "user"): "an account of the operating system",
}
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def names_given(name: str) -> Iterator[tuple[str, int]]:
    """Yield every name that the file itself gives, with its line."""
    for node in ast.walk(tree(name)):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name, node.lineno
            case ast.arg():
                yield node.arg, node.lineno
            case ast.Name(ctx=ast.Store()):
                yield node.id, node.lineno
            case ast.Attribute(ctx=ast.Store()):
                yield node.attr, node.lineno
            case ast.alias(asname=str(given)):
                yield given, node.lineno


def avoided() -> Iterator[tuple[str, str, str]]:
    """Yield file, place and word of every name that says it the wrong way."""
    for file in committed("*.py"):
        for name, line in names_given(file):
            for word in {found.lower() for found in WORD.findall(name)} & AVOIDED:
                yield file, f"{file}:{line}: {name}", word


def is_excused(file: str, word: str, by: tuple[str, str]) -> bool:
    return file.startswith(by[0]) and word == by[1]


def test_no_module_is_a_lumber_room():
    found = [
        name
        for name in committed("*.py", "*.js", "*.css")
        if LUMBER_ROOMS & {part.split(".")[0] for part in name.split("/")}
    ]

    assert found == []


def test_citizens_and_operators_are_called_what_they_are():
    found = [
        place
        for file, place, word in avoided()
        if not any(is_excused(file, word, reason) for reason in REASONS)
    ]

    assert found == []


def test_no_exception_outlives_its_reason():
    needless = [
        reason
        for reason in REASONS
        if not any(is_excused(file, word, reason) for file, _, word in avoided())
    ]

    assert needless == []
