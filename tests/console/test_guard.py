"""Generated from the list of routes: each names who may enter, and keeps the others out."""

import itertools
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from console.guard import Requirement, requirement_of
from core.operators.permissions import Permission, Role, permissions_of
from tests.console.browsing import Visitor
from tests.console.conftest import SignInAs

# Added on purpose, one by one: what strangers may open.
OPEN_TO_ALL = {
    "static",
    "sign_in.enter",
    "sign_in.check",
    "health.alive",
    "health.ready",
    "metrics.show",
}
OPEN_SECTIONS = {"citizen"}


def routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
            yield rule, method


def address_of(app: Flask, rule: Rule) -> str:
    """Return an address of the route; what it names need not exist."""
    values = dict.fromkeys(rule.arguments, "1")
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        return adapter.build(rule.endpoint, values, force_external=False)


def requirement(app: Flask, rule: Rule) -> Requirement:
    found = requirement_of(app, rule.endpoint)
    assert found is not None, f"{rule.endpoint} does not name who may enter"
    return found


def test_every_route_names_who_may_enter(app: Flask):
    unnamed = [rule.endpoint for rule, _ in routes(app) if not requirement_of(app, rule.endpoint)]

    assert unnamed == []


def test_only_known_routes_are_open_to_all(app: Flask):
    public = {rule.endpoint for rule, _ in routes(app) if requirement(app, rule).is_public}

    assert {name for name in public if name.partition(".")[0] not in OPEN_SECTIONS} == OPEN_TO_ALL


def test_strangers_are_sent_to_sign_in_by_every_other_route(app: Flask, visitor: Visitor):
    let_in = []
    for rule, method in routes(app):
        if requirement(app, rule).is_public:
            continue
        answer = visitor.client.open(address_of(app, rule), method=method)
        if answer.status_code != 302 or not answer.location.startswith("/sign-in"):
            let_in.append((rule.endpoint, method, answer.status_code))

    assert let_in == []


@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_refused_by_every_route_it_has_no_permission_for(
    app: Flask, sign_in_as: SignInAs, role: Role
):
    visitor = sign_in_as(role)
    let_in = []
    for rule, method in routes(app):
        needed = requirement(app, rule).permissions
        if not needed or not needed.isdisjoint(permissions_of({role})):
            continue
        address = address_of(app, rule)
        answer = visitor.get(address) if method == "GET" else visitor.post(address)
        if answer.status_code != 403:
            let_in.append((rule.endpoint, method, answer.status_code))

    assert let_in == []


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_every_page_of_its_own(app: Flask, sign_in_as: SignInAs, role: Role):
    visitor = sign_in_as(role)
    failed = []
    for rule, method in routes(app):
        needed = requirement(app, rule)
        mine = not needed.permissions or needed.permissions & permissions_of({role})
        if method != "GET" or rule.arguments or needed.is_public or not mine:
            continue
        if rule.endpoint == "live.stream":
            continue  # stays open
        answer = visitor.get(address_of(app, rule))
        if answer.status_code != 200:
            failed.append((rule.endpoint, answer.status_code))

    assert failed == []


def test_every_permission_the_console_asks_for_is_held_by_some_role(app: Flask):
    asked = set(
        itertools.chain.from_iterable(requirement(app, rule).permissions for rule, _ in routes(app))
    )

    assert asked <= permissions_of(set(Role))


def test_a_route_that_names_nobody_lets_nobody_in(
    app: Flask, sign_in_as: SignInAs, person: Callable[..., object]
):
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")

    assert sign_in_as(Role.SUPERVISOR).get("/forgotten").status_code == 403


def test_a_requirement_is_met_by_any_one_of_its_permissions(app: Flask, sign_in_as: SignInAs):
    visitor = sign_in_as(Role.HANDLER)  # sees the cases of its own unit only

    assert not permissions_of({Role.HANDLER}) & {Permission.VIEW_CONVERSATIONS}
    assert visitor.get("/").status_code == 200
