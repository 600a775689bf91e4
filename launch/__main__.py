"""`python -m launch run|migrate|seed|train|model`, as the Makefile calls it."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from launch import steps
from launch.failures import LaunchFailed, reason
from launch.programs import PYTHON
from launch.run import make_desk, run
from launch.supervisor import addresses_in_use
from launch.terminal import say


@contextmanager
def servers() -> Iterator[dict[str, str]]:
    """Lend the servers of the running desk, else start them for this one step."""
    desk = make_desk(only=(), seed=False)
    in_use = addresses_in_use(desk.folder)
    if in_use:
        yield desk.environment | in_use
    else:
        with desk:
            yield desk.environment


def migrate() -> int:
    with servers() as environment:
        steps.migrate(environment)
    say("表结构已是最新。")
    return 0


def seed() -> int:
    with servers() as environment:
        steps.migrate(environment)
        steps.seed(environment)
    say("演示数据已就绪。")
    return 0


def train() -> int:
    environment = make_desk(only=()).environment
    result = Path(environment["DESK_DATA_FOLDER"]) / "logs" / "train-result.txt"
    result.unlink(missing_ok=True)
    say("训练模型（约一分钟）…")
    try:
        steps.train(environment, result=result)
    finally:
        if result.exists():
            say(result.read_text(encoding="utf-8").rstrip())
    say("模型已训练好。运行中的系统在一分钟内换上它；办公室已发布过自己的模型时，下次启动后生效。")
    return 0


def model() -> int:
    if not steps.model_is_current():
        say("训练模型（约一分钟）…")
        steps.train_when_needed(make_desk(only=()).environment)
    return 0


COMMANDS: dict[str, Callable[[], int]] = {
    "run": run,
    "migrate": migrate,
    "seed": seed,
    "train": train,
    "model": model,
}


# What is done with the knowledge as files, and takes arguments of its own.
FILES = ("faq-export", "faq-import")


def faq_files(step: str, arguments: list[str]) -> int:
    with servers() as environment:
        command = (PYTHON, "-m", "launch.knowledge", step.removeprefix("faq-"), *arguments)
        return subprocess.run(command, env=environment, check=False).returncode


def main(arguments: list[str]) -> int:
    if arguments and arguments[0] in FILES:
        return _answered(partial(faq_files, arguments[0], arguments[1:]))
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        print(f"用法：python -m launch {'|'.join((*COMMANDS, *FILES))}", file=sys.stderr)
        return 2
    return _answered(COMMANDS[arguments[0]])


def _answered(command: Callable[[], int]) -> int:
    try:
        return command()
    except LaunchFailed as error:
        print(f"\n未完成：{error}", file=sys.stderr)
    except OSError as error:
        print(f"\n未完成：{reason(error)}", file=sys.stderr)
    except KeyboardInterrupt:
        print("\n被中断。", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
