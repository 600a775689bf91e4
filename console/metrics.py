"""Numbers for Prometheus: requests, how long they took, open live streams."""

from collections.abc import Callable
from time import perf_counter

from flask import Blueprint, Flask, Response, g, request
from flask.typing import ResponseReturnValue
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

from console.guard import open_to_all

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "console_requests_total",
            "Requests answered",
            ["endpoint", "method", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "console_request_seconds",
            "Time to answer",
            ["endpoint"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.live_events = Counter(
            "console_live_events_total", "Live events heard", registry=self.registry
        )

    def gauge(self, name: str, text: str, read: Callable[[], float]) -> None:
        Gauge(name, text, registry=self.registry).set_function(read)


def register(app: Flask) -> None:
    metrics = Metrics()
    app.extensions["metrics"] = metrics
    bp = Blueprint("metrics", __name__)

    @bp.get("/metrics")
    @open_to_all
    def show() -> ResponseReturnValue:
        return Response(generate_latest(metrics.registry), content_type=CONTENT_TYPE_LATEST)

    @app.before_request
    def begin() -> None:
        g.began = perf_counter()

    @app.after_request
    def count(answer: Response) -> Response:
        endpoint = request.endpoint or "none"
        metrics.requests.labels(endpoint, request.method, answer.status_code).inc()
        if "began" in g:
            metrics.seconds.labels(endpoint).observe(perf_counter() - g.began)
        return answer

    app.register_blueprint(bp)
