"""Run the simulated platforms: `python -m bot.simulator`; put load on them with `load`."""

import sys

import uvicorn

from bot.simulator import load
from bot.simulator.app import create_app, simulator_from_settings, weibo_from_settings
from config.settings import Addresses, Settings


def main() -> None:
    if sys.argv[1:2] == ["load"]:
        own = f"http://127.0.0.1:{Addresses().simulator_port}"
        sys.exit(load.run(sys.argv[2:], default_url=own))
    settings = Settings()
    uvicorn.run(
        create_app(simulator_from_settings(settings), weibo_from_settings(settings)),
        host=settings.host,
        port=settings.simulator_port,
        log_level="warning",
        timeout_graceful_shutdown=1,
    )


if __name__ == "__main__":
    main()
