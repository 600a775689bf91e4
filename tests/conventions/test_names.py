"""One word per idea, and no room for what fits nowhere."""

import ast
import re
from collections.abc import Iterator

from tests.conventions.sources import committed, tree

# What fits nowhere ends up in these; the house has a room for everything.
LUMBER_ROOMS = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}

# A citizen or an operator is meant: nobody is a user, and nothing is an agent.
AVOIDED = {"agent", "agents", "user", "users"}
REASONS = {
    "nlu/desk_channel.py": "Rasa calls a loaded model an agent and hands it over by that name",
    "launch/processes.py": "an account of the operating system",
    "launch/tether.py": "an account of the operating system",
    "tests/deploy/front_door.py": "an account of the operating system",
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


def is_avoided(name: str) -> bool:
    return bool({word.lower() for word in WORD.findall(name)} & AVOIDED)


def test_no_module_is_a_lumber_room():
    found = [
        name
        for name in committed("*.py", "*.js", "*.css")
        if LUMBER_ROOMS & {part.split(".")[0] for part in name.split("/")}
    ]

    assert found == []


def test_citizens_and_operators_are_called_what_they_are():
    found = [
        f"{file}:{line}: {name}"
        for file in committed("*.py")
        if file not in REASONS
        for name, line in names_given(file)
        if is_avoided(name)
    ]

    assert found == []


def test_no_exception_outlives_its_reason():
    gone = [
        file
        for file in REASONS
        if file not in committed("*.py")
        or not any(is_avoided(name) for name, _ in names_given(file))
    ]

    assert gone == []
