"""Whether the console is alive, and whether it can do its work."""

from typing import Any, cast

from flask import Blueprint, Flask, current_app
from flask.typing import ResponseReturnValue
from redis import Redis, RedisError

from console.context import core
from console.guard import open_to_all
from core.channels import queries as channels
from core.unit_of_work import StoreFailed

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
    if not core().can_store():
        return {"status": "unavailable", "database": "down", "redis": redis}, 503
    status = "ready" if redis == "up" else "degraded"
    return {"status": status, "database": "up", "redis": redis, "accounts": _accounts()}


def _accounts() -> dict[str, dict[str, Any]]:
    """Tell how the accounts are doing; an alarm about one makes the console no less ready."""
    try:
        with core().unit_of_work() as uow:
            return channels.told_to_probes(uow.session, uow.today)
    except StoreFailed:
        return {}


def _redis_answers() -> bool:
    try:
        return bool(cast("Redis", current_app.extensions["redis"]).ping())
    except RedisError:
        return False
