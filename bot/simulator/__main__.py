"""Run the simulated platform: `python -m bot.simulator`."""

import uvicorn

from bot.simulator.app import create_app, simulator_from_settings, weibo_from_settings
from config.settings import Settings


def main() -> None:
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
