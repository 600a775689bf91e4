"""Becomes another command that ends when its parent does: `tether.py PARENT USER COMMAND…`.

Run as a file and before anything of ours is imported, so that it costs no start-up time.
"""

import ctypes
import os
import pwd
import signal
import sys

PR_SET_PDEATHSIG = 1


def end_with_parent(parent: int) -> None:
    """Ask Linux for a SIGTERM when the parent dies; other systems have no such wish."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit(0)


def become(user: str) -> None:
    account = pwd.getpwnam(user)
    os.initgroups(user, account.pw_gid)
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)


def main() -> None:
    parent, user, *command = sys.argv[1:]
    if user:
        become(user)
    # A change of user would clear the wish, so it comes last.
    end_with_parent(int(parent))
    try:
        os.execvp(command[0], command)  # noqa: S606 - the command is our own
    except OSError as error:
        sys.exit(f"{command[0]}: {error.strerror}")


if __name__ == "__main__":
    main()
