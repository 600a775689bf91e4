"""A console over the tests' own database and a real Valkey, and people who sit at it."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from pydantic import SecretStr
from redis import Redis

from config.settings import Settings
from console.app import create_app
from core.bootstrap import Core
from core.media.storing import MediaStore
from core.operators.models import Operator
from core.operators.permissions import Role
from tests.builders import an_operator
from tests.console.browsing import Visitor

SignInAs = Callable[..., Visitor]


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        _env_file=None,
        secret_key=SecretStr("only-for-the-tests-secret"),
        data_key=SecretStr("only-for-the-tests-data"),
        data_folder=tmp_path_factory.mktemp("data"),
        secure_cookies=False,
        sign_ins_per_minute=1000,
    )


@pytest.fixture
def redis(redis_url: str) -> Iterator["Redis"]:
    with Redis.from_url(redis_url) as redis:
        yield redis
        redis.flushdb()


@pytest.fixture
def app(settings: Settings, core: Core, redis: "Redis") -> Iterator[Flask]:
    app = create_app(settings, core, redis)
    yield app
    app.extensions["live"].stop()
    app.extensions["live"].join()


@pytest.fixture
def media_store(app: Flask) -> MediaStore:
    """Where this console looks for what citizens sent."""
    store: MediaStore = app.extensions["media"]
    return store


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app)


@pytest.fixture
def person(core: Core) -> Callable[..., Operator]:
    """Add a member of staff in these roles."""

    def add(*roles: Role, **given: object) -> Operator:
        with core.unit_of_work() as uow:
            return an_operator(uow, *roles, **given)

    return add


@pytest.fixture
def sign_in_as(app: Flask, person: Callable[..., Operator]) -> SignInAs:
    """Return a browser in which somebody of these roles has signed in."""

    def sign_in(*roles: Role, operator: Operator | None = None) -> Visitor:
        visitor = Visitor(app)
        visitor.sign_in((operator or person(*roles)).login)
        return visitor

    return sign_in


@pytest.fixture
def operator(person: Callable[..., Operator]) -> Operator:
    return person(Role.OPERATOR, display_name="王芳")


@pytest.fixture
def seat(sign_in_as: SignInAs, operator: Operator) -> Visitor:
    """The browser of `operator`."""
    return sign_in_as(operator=operator)
