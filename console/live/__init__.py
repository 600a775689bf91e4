"""Live events: what happens in the office reaches every open page within a second."""

from flask import Flask
from redis import Redis

from console.live import views
from console.live.hub import Hub


def register(app: Flask, redis: "Redis") -> None:
    hub = Hub(redis, on_event=app.extensions["metrics"].live_events.inc)
    app.extensions["live"] = hub
    metrics = app.extensions["metrics"]
    metrics.gauge("console_live_streams", "Open live streams", lambda: hub.listener_count)
    metrics.gauge("console_live_connected", "Is Redis heard", lambda: float(hub.is_connected))
    app.register_blueprint(views.bp)
