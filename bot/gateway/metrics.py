"""What the gateway counts."""

from prometheus_client import Counter, Gauge, Histogram

PUSHES = Counter("desk_pushes_total", "Pushes by outcome", ["channel", "account", "outcome"])
PASSIVE_SECONDS = Histogram(
    "desk_passive_answer_seconds",
    "From push to its answer",
    buckets=(0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3, 4, 5),
)
WAITING = Gauge("desk_waiting_webhooks", "Webhooks waiting for an answer")
