"""`python -m bot gateway` takes pushes; `python -m bot worker` answers and delivers."""

import argparse

from bot.gateway.app import serve
from bot.worker.app import work
from config.logs import configure
from config.settings import Settings


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bot")
    parser.add_argument("program", choices=["gateway", "worker"])
    program = parser.parse_args().program
    settings = Settings()
    configure(settings.log_level, as_json=settings.log_json)
    {"gateway": serve, "worker": work}[program](settings)


if __name__ == "__main__":
    main()
