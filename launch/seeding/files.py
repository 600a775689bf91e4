"""Reading the data files the demo is made of."""

from pathlib import Path
from typing import Any

import yaml

# Both know plain data only; the one written in C reads ten times as fast.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(file: Path) -> Any:
    return yaml.load(file.read_bytes(), Loader=LOADER)  # noqa: S506 - a safe loader, see above
