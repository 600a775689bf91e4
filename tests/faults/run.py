"""`make faults`: a fault run of any size; exit code 1 when a rule is broken.

Every wait in it has an end: it ends by itself.
"""

import argparse
import json
import shutil
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.faults.storm.driving import NotOver, Outcome, run
from tests.faults.storm.judging import broken_rules
from tests.faults.storm.telling import table
from tests.faults.storm.weather import WECHAT, WEIBO, Storm


def main() -> int:
    asked = _arguments()
    sizes = [
        (WECHAT, asked.messages, asked.citizens),
        (WEIBO, asked.weibo_messages, asked.weibo_citizens),
    ]
    storms = [
        Storm(platform=platform, messages=messages, citizens=citizens, seconds=asked.seconds)
        for platform, messages, citizens in sizes
        if messages
    ]
    with tempfile.TemporaryDirectory(prefix="desk-faults-") as folder:
        try:
            outcomes = run(
                storms, Path(folder), victims=asked.kill, patience_seconds=asked.patience
            )
        except NotOver as error:
            sys.stdout.write(f"{asked.patience:.0f} 秒内没有结束，{error}\n")
            return 1
        finally:
            if asked.keep:
                shutil.copytree(Path(folder) / "logs", asked.keep / "logs", dirs_exist_ok=True)
    return max([_tell(outcome, asked.keep) for outcome in outcomes])


def _tell(outcome: Outcome, keep: Path | None) -> int:
    broken = broken_rules(outcome.evidence)
    sys.stdout.write("\n".join(table(outcome, broken)) + "\n")
    if keep:
        evidence = json.dumps(asdict(outcome.evidence), ensure_ascii=False, indent=1)
        file = keep / f"{outcome.storm.platform.name}.json"
        file.write_text(evidence, encoding="utf-8")
    return 1 if broken else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.run", description="故障演练")
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--citizens", type=int, default=200)
    parser.add_argument("--weibo-messages", type=int, default=100)
    parser.add_argument("--weibo-citizens", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=150.0, help="市民以多长时间写完")
    parser.add_argument("--patience", type=float, default=240.0, help="写完后最多等多久")
    parser.add_argument(
        "--kill", nargs="+", choices=["worker", "gateway"], default=["worker"], help="杀掉哪些进程"
    )
    parser.add_argument("--keep", type=Path, help="把日志和两端的记录留在这个目录")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
