"""`python3 -m setup [part …]`: without parts, the environments and the front-end files."""

from __future__ import annotations

import fcntl
import sys
from typing import IO, Callable

from setup import assets, browser, cleaning, environments, requirements
from setup.messages import SetupFailed, fail, say
from setup.tools import TOOLS

PARTS: dict[str, Callable[[], None]] = {
    "desk": lambda: environments.ensure(environments.DESK),
    "rasa": lambda: environments.ensure(environments.RASA),
    "assets": assets.ensure,
    "browser": browser.ensure,
    "requirements": requirements.compile_all,
    "clean": cleaning.clean,
    "clean-all": lambda: cleaning.clean(environments_too=True),
}
USUAL = ("desk", "rasa", "assets")


def everything_is_there() -> bool:
    return environments.DESK.is_current() and environments.RASA.is_current() and assets.is_current()


def only_one_at_a_time() -> IO[str]:
    """Wait until no other set-up works in this checkout; the lock ends with the process."""
    TOOLS.mkdir(exist_ok=True)
    lock = (TOOLS / "setup.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("另一个准备过程正在进行，等它完成 …")
        fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        return fail(SetupFailed(f"不认识 {'、'.join(unknown)}；可用的是 {'、'.join(PARTS)}"))
    if not names and everything_is_there():
        return 0
    try:
        lock = only_one_at_a_time()
        for name in names or USUAL:
            PARTS[name]()
        lock.close()
    except (SetupFailed, OSError) as error:
        return fail(error)
    except KeyboardInterrupt:
        return fail(SetupFailed("被中断；下次会接着做。"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
