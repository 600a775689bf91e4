"""Build the console from the settings of this machine."""

from flask import Flask
from redis import Redis

from config.logs import configure
from config.notices import load_notices
from config.settings import Settings
from console.app import create_app
from core.adapters.redis_events import RedisEvents
from core.bootstrap import build_core, build_office

# Redis carries what may be lost: nobody waits long for it.
REDIS_SECONDS = 1.0


def build_app(settings: Settings | None = None) -> Flask:
    settings = settings or Settings()
    configure(settings.log_level, as_json=settings.log_json)
    redis = Redis.from_url(
        settings.redis_url,
        socket_connect_timeout=REDIS_SECONDS,
        socket_timeout=REDIS_SECONDS,
        health_check_interval=10,
    )
    core = build_core(
        settings.database_url,
        publish=RedisEvents(redis).publish,
        office=build_office(
            settings.office_name,
            settings.office_hours,
            load_notices(),
            public_url=settings.public_url,
        ),
        data_key=settings.data_key.get_secret_value(),
        pool_size=20,
    )
    return create_app(settings, core, redis)
