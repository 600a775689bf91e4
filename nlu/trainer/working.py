"""One training in a process of its own: it may be killed, and takes nothing with it.

It reads `request.json` in its folder, says how far it is on its output, one JSON line each, and
leaves `report.json`; a model lies beside it only if the gate let one through.
"""

from __future__ import annotations

import errno
import json
import os
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

from nlu.trainer.packages import ENDING, BadModel
from nlu.trainer.training import Places, Training
from nlu.training_data import BadTrainingData

REQUEST, REPORT = "request.json", "report.json"
# Turns of citizens come first on a small machine.
NICENESS = 10
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def work(places: Places, folder: Path, parent: int) -> int:
    with suppress(OSError):
        os.nice(NICENESS)

    def tell(stage: str, percent: int) -> None:
        if os.getppid() != parent:
            raise SystemExit("the trainer that asked for this is gone")
        print(json.dumps({"stage": stage, "percent": percent}), flush=True)

    try:
        request = json.loads((folder / REQUEST).read_text(encoding="utf-8"))
        report = Training(places, tell).run(request, folder / f"{request['version']}{ENDING}")
        (folder / REPORT).write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")
    except Exception as error:
        traceback.print_exc()
        print(json.dumps({"failed": failure(error)}), flush=True)
        return 1
    return 0


def failure(error: Exception) -> dict[str, Any]:
    """Return a code that the desk can put into words, and the detail for whoever looks after it."""
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        code = "disk_full"
    elif isinstance(error, OSError):
        code = "not_writable"
    elif isinstance(error, BadModel):
        code = "base_unreadable"
    elif isinstance(error, BadTrainingData):
        code = "bad_files"
    elif isinstance(error, MemoryError):
        code = "out_of_memory"
    else:
        code = "mistake"
    return {"code": code, "detail": f"{type(error).__name__}: {error}"[:500]}
