"""`python probe.py URL`: exit with 0 when the address answers well; the health check of images.

Standard library only, for Python 3.10 and later.
"""

import sys
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

TIMEOUT_SECONDS = 4.0


def main(url: str) -> int:
    direct = build_opener(ProxyHandler({}))
    try:
        with direct.open(url, timeout=TIMEOUT_SECONDS):
            return 0
    except (URLError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
