"""Who may change the database, and who may end a change."""

import ast

import pytest

from tests.conventions.sources import calls, committed, tree

PROGRAMS = ("core/*.py", "bot/*.py", "actions/*.py", "console/*.py", "launch/*.py")
ENDS_CHANGES = {
    "core/unit_of_work.py",
    "core/database/migrations/env.py",  # begins the migrations, which end themselves
}
QUERIES = [name for name in committed("core/*.py") if "queries" in name]
SERVICES = [name for name in committed("core/*.py") if "/services" in name]


def test_only_the_unit_of_work_ends_a_change():
    found = [
        f"{name}:{line}"
        for name in committed(*PROGRAMS)
        if name not in ENDS_CHANGES
        for line in calls(name, {"commit", "rollback"})
    ]

    assert found == []


@pytest.mark.parametrize("name", QUERIES)
def test_queries_change_nothing(name):
    changing = {"add", "add_all", "delete", "flush", "merge", "commit", "announce", "defer"}
    session_calls = [
        node.lineno
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in changing
        and isinstance(node.func.value, ast.Name | ast.Attribute)
        and "session" in ast.unparse(node.func.value)
    ]
    imported = {
        alias.name
        for node in ast.walk(tree(name))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("sqlalchemy")
        for alias in node.names
    }

    assert session_calls == []
    assert not imported & {"insert", "update", "delete"}


@pytest.mark.parametrize("name", QUERIES)
def test_queries_take_a_session_and_no_unit_of_work(name):
    wrong = [
        function.name
        for function in tree(name).body
        if isinstance(function, ast.FunctionDef) and "UnitOfWork" in ast.unparse(function.args)
    ]

    assert wrong == []


@pytest.mark.parametrize("name", SERVICES)
def test_services_take_the_open_unit_of_work_first(name):
    """A public function of a service that takes no unit of work at all is no service."""
    wrong = [
        function.name
        for function in tree(name).body
        if isinstance(function, ast.FunctionDef)
        and not function.name.startswith("_")
        and [
            position
            for position, one in enumerate(function.args.args)
            if one.annotation is not None and ast.unparse(one.annotation) == "UnitOfWork"
        ]
        not in ([0], [])
    ]

    assert wrong == []


@pytest.mark.parametrize("name", SERVICES)
def test_services_open_no_unit_of_work_of_their_own(name):
    assert list(calls(name, {"unit_of_work", "commit", "rollback"})) == []


def test_events_are_announced_and_jobs_deferred_by_services_only():
    allowed = {*SERVICES, "core/jobs.py", "core/unit_of_work.py"}
    found = [
        f"{name}:{line}"
        for name in committed("core/*.py")
        if name not in allowed
        for line in calls(name, {"announce", "defer"})
    ]

    assert found == []
