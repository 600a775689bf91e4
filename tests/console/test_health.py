"""What a supervisor and Prometheus are told."""

from flask import Flask
from redis import Redis
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from config.settings import Settings
from console.app import create_app
from core.bootstrap import Core
from core.channels.services import AccountFacts, raise_alarm, register_accounts
from core.channels.states import AlarmCode
from core.messaging import ChannelName
from tests.console.browsing import Visitor

NOWHERE = "redis://127.0.0.1:1/0"


def test_the_console_is_alive(visitor: Visitor):
    assert visitor.get("/healthz").json == {"status": "alive"}


def test_with_database_and_redis_it_is_ready(visitor: Visitor):
    answer = visitor.get("/readyz")

    assert answer.status_code == 200
    assert answer.json == {"status": "ready", "database": "up", "redis": "up", "accounts": {}}


def test_an_alarm_is_told_and_makes_it_no_less_ready(visitor: Visitor, core: Core):
    with core.unit_of_work() as uow:
        town = (ChannelName.WECHAT, "town")
        facts = AccountFacts(channel=town[0], account=town[1], name="清河发布", kind="service")
        register_accounts(uow, [facts])
        raise_alarm(uow, *town, AlarmCode.SILENCE, "…")

    answer = visitor.get("/readyz")

    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["accounts"]["wechat/town"]["alarms"] == ["silence"]


def test_without_redis_it_is_degraded_but_ready(settings: Settings, core: Core):
    app = create_app(settings, core, Redis.from_url(NOWHERE, socket_connect_timeout=0.2))

    answer = Visitor(app).get("/readyz")

    assert answer.status_code == 200
    assert answer.json == {
        "status": "degraded",
        "database": "up",
        "redis": "down",
        "accounts": {},
    }


def test_without_its_database_it_is_not_ready(settings: Settings, core: Core, redis: "Redis"):
    engine = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    lost = Core(sessionmaker(engine), core.publish, core.office, core.seal, core.clock)

    answer = Visitor(create_app(settings, lost, redis)).get("/readyz")

    assert answer.status_code == 503
    assert answer.json == {"status": "unavailable", "database": "down", "redis": "up"}


def test_without_its_database_a_page_says_so(settings: Settings, core: Core, redis: "Redis"):
    engine = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    lost = Core(sessionmaker(engine), core.publish, core.office, core.seal, core.clock)
    visitor = Visitor(create_app(settings, lost, redis))
    visitor.get("/sign-in")

    answer = visitor.post("/sign-in", {"login": "wangfang", "password": "whatever it is"})

    assert answer.status_code == 503
    assert "服务暂时不可用" in answer.text


def test_requests_are_counted_by_endpoint_never_by_address(seat: Visitor, app: Flask):
    seat.get("/desk/999999")

    numbers = seat.get("/metrics").text

    assert 'console_requests_total{endpoint="desk.conversation",method="GET",status="404"} 1.0' in (
        numbers
    )
    assert "999999" not in numbers
    assert "console_live_streams 0.0" in numbers
