"""`python -m actions` runs the action server."""

import uvicorn

from actions.app import create_app
from actions.base import core
from config.logs import configure
from config.settings import Settings


def main() -> None:
    settings = Settings()
    configure(settings.log_level, as_json=settings.log_json)
    uvicorn.run(
        create_app(core()),
        host=settings.host,
        port=settings.actions_port,
        log_config=None,
        access_log=False,
    )


if __name__ == "__main__":
    main()
