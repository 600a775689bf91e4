"""One line per event: a constant phrase and its facts; JSON where machines read it."""

import logging
import sys

import structlog


def configure(level: str, *, as_json: bool) -> None:
    """Send our own loggers and those of libraries through one formatter to stderr."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=False),
    ]
    ending: list[structlog.types.Processor] = (
        [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
        if as_json
        else [structlog.dev.ConsoleRenderer(colors=False)]
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ending],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # These tell every request and every job at INFO; ours say what matters.
    for chatty in ("httpx", "httpcore", "uvicorn.access", "procrastinate.worker", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
