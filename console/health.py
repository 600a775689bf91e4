"""Whether the console is alive, and whether it can do its work."""

import logging
from typing import cast

from flask import Blueprint, Flask, current_app
from flask.typing import ResponseReturnValue
from redis import Redis, RedisError

from console.context import unit_of_work
from console.guard import open_to_all
from core.conversations import queries

logger = logging.getLogger(__name__)
bp = Blueprint("health", __name__)


def register(app: Flask) -> None:
    app.register_blueprint(bp)


@bp.get("/healthz")
@open_to_all
def alive() -> ResponseReturnValue:
    return {"status": "alive"}


@bp.get("/readyz")
@open_to_all
def ready() -> ResponseReturnValue:
    """Without the database there is nothing to show; without Redis pages poll instead."""
    redis = "up" if _redis_answers() else "down"
    try:
        with unit_of_work() as uow:
            queries.count_waiting(uow.session)
    except Exception:
        logger.exception("the database does not answer")
        return {"status": "unavailable", "database": "down", "redis": redis}, 503
    status = "ready" if redis == "up" else "degraded"
    return {"status": status, "database": "up", "redis": redis}


def _redis_answers() -> bool:
    try:
        return bool(cast("Redis", current_app.extensions["redis"]).ping())
    except RedisError:
        return False
