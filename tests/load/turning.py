"""Whole turns: a signed push in, the bot's answer back on the same connection.

Gateway, worker, Rasa and action server run as in production on this machine's cores; the peer is
the same desk with Rasa's default pipeline in Rasa's place.
"""

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

import psutil

from config.accounts import PushMode
from config.settings import Settings
from launch.programs import RASA_PYTHON, ROOT, Program, programs
from launch.supervisor import Desk
from tests.load import signed
from tests.load.firing import Volley, fire

ONLY = ("rasa", "actions", "gateway", "worker")
CONNECTIONS = 10
WARM = 30
PATH = "/webhooks/wechat/plain"
# Known ways of asking: both pipelines are sure of them, so both take the same way.
QUESTIONS = (
    "身份证丢了怎么补办",
    "怎么申请政府信息公开",
    "结婚登记需要带什么材料",
    "居住证怎么办理",
    "行政复议多久之内要提",
)


@dataclass(frozen=True)
class Turns:
    """`start_seconds` is a Rasa server's, until it can answer; its memory is after the volley."""

    title: str
    quiet: Volley
    while_training: Volley | None
    start_seconds: float
    first_answer_milliseconds: float
    memory_mb: float


def measure(folder: Path, count: int, peer_models: Path | None) -> list[Turns]:
    found = [_turns("本系统", folder / "own", count, None)]
    if peer_models is not None:
        _train_peer(peer_models)
        found.append(_turns("Rasa 默认流水线", folder / "peer", count, peer_models))
    return found


def _turns(title: str, folder: Path, count: int, models: Path | None) -> Turns:
    changes = {
        f"DESK_WECHAT__plain__{name}": value
        for name, value in signed.wechat_account(PushMode.PLAIN).items()
    }
    changes["DESK_WEBHOOK_FRESHNESS_SECONDS"] = "3600"

    def table(settings: Settings) -> Sequence[Program]:
        return [_with_models(program, models) for program in programs(settings)]

    with Desk(folder, only=ONLY, changes=changes, table=table, durable=True) as desk:
        port = desk.programs["gateway"].port
        desk.halt("rasa")
        began = perf_counter()
        desk.resume("rasa")
        start_seconds = perf_counter() - began
        first = _fire(port, 1, start=0)
        _fire(port, WARM, start=1)
        quiet = _fire(port, count, start=WARM + 1)
        memory_mb = psutil.Process(desk.pid("rasa")).memory_info().rss / 2**20
        return Turns(
            title,
            quiet,
            _beside_a_training(port, count, folder) if not models else None,
            start_seconds,
            first.milliseconds[0],
            memory_mb,
        )


def _with_models(program: Program, models: Path | None) -> Program:
    if models is None or program.name != "rasa":
        return program
    [model] = models.glob("*.tar.gz")
    argv = list(program.argv)
    argv[argv.index("--model") + 1] = str(model)
    return replace(program, argv=tuple(argv))


def _fire(port: int, count: int, *, start: int) -> Volley:
    """Let each message come from a citizen of its own: turns of one citizen wait for each other."""
    requests = [
        signed.wechat_push(
            PATH,
            PushMode.PLAIN,
            number=number,
            citizens=start + count,
            text=QUESTIONS[number % len(QUESTIONS)],
        )
        for number in range(start, start + count)
    ]
    return fire(port, requests, connections=CONNECTIONS)


def _beside_a_training(port: int, count: int, folder: Path) -> Volley:
    training = subprocess.Popen(
        [RASA_PYTHON, "-m", "nlu.train", "--out", str(folder / "candidate")],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        preexec_fn=lambda: os.nice(10),  # noqa: PLW1509 - as the trainer does
    )
    try:
        return _fire(port, count, start=100_000)
    finally:
        training.terminate()
        training.wait()


def _train_peer(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [RASA_PYTHON, "-m", "nlu.evaluate.peer_model", str(folder)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        check=True,
    )
