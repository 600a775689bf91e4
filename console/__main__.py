"""`python -m console`: serve the console until told to stop."""

from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

from config.settings import Settings
from console.building import build_app


class DeskWorker(ThreadWorker):
    """Ends the live streams when told to stop: they would hold the process for minutes."""

    def handle_exit(self, sig: Any, frame: Any) -> None:
        self.wsgi.extensions["live"].stop()
        super().handle_exit(sig, frame)


class Server(BaseApplication):
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in {
            "bind": f"{self._settings.host}:{self._settings.console_port}",
            # One process: it scales by more consoles behind the proxy.
            "workers": 1,
            "worker_class": DeskWorker,
            "threads": self._settings.console_threads,
            "worker_connections": 1000 + self._settings.console_threads,
            "keepalive": 30,
            "graceful_timeout": 5,
            "proc_name": "desk-console",
            "control_socket_disable": True,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return build_app(self._settings)


if __name__ == "__main__":
    Server(Settings()).run()
