"""`make run`: the desk in the foreground, until Ctrl-C."""

import signal
import sys
from pathlib import Path
from time import sleep
from typing import Never

import httpx

from launch import environment as environments
from launch.announcement import announce
from launch.failures import LaunchFailed, reason
from launch.programs import ROOT
from launch.supervisor import EVERY_PROGRAM, Desk
from launch.terminal import say, show_trouble

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TEST_QUESTION = "结婚登记需要带什么材料？"
# An answer cites its source in these brackets; an apology cites nothing.
SIGN_OF_AN_ANSWER = "《"
TEST_CITIZEN, TEST_NAME = "oStartUpSelfCheck00000000001", "启动自检"
TRIES = 5


class Stopped(BaseException):
    """Somebody wants the desk to end."""


def run() -> int:
    for number in STOP_SIGNALS:
        signal.signal(number, _stop)
    try:
        with make_desk() as desk:
            if "simulator" in desk.programs:
                prove_it_answers(desk)
            announce(desk)
            while True:
                signal.pause()
    except Stopped:
        say("\n已停止，数据已保留。")
        return 0
    except LaunchFailed as error:
        return _failed(str(error))
    except OSError as error:
        return _failed(reason(error))


def make_desk(*, only: tuple[str, ...] = EVERY_PROGRAM, seed: bool = True) -> Desk:
    """Describe the desk of this checkout, with the settings of the person at the terminal."""
    environment = environments.for_make_run(ROOT)
    if not environments.platform_is_simulated(environment):
        only = tuple(name for name in only if name != "simulator")
    return Desk(
        Path(environment["DESK_DATA_FOLDER"]),
        only=only,
        environment=environment,
        seed=seed,
        durable=True,
        listener=show_trouble,
        say=say,
    )


def prove_it_answers(desk: Desk) -> None:
    """Ask what a citizen asks, and see that an answer with its source comes back."""
    said = ""
    for _ in range(TRIES):
        try:
            said = desk.ask(TEST_QUESTION, openid=TEST_CITIZEN, name=TEST_NAME).text
        except httpx.HTTPError as error:
            said = str(error)
        if SIGN_OF_AN_ANSWER in said:
            return
        sleep(1)
    raise LaunchFailed(
        f"程序都已启动，但试问“{TEST_QUESTION}”没有得到答案，只得到：{said or '没有回复'}\n"
        f"    请看日志目录 {desk.folder / 'logs'}。"
    )


def _stop(number: int, frame: object) -> Never:
    # Stopping is bounded in time; an impatient second Ctrl-C must not leave orphans.
    for one in STOP_SIGNALS:
        signal.signal(one, signal.SIG_IGN)
    say("\n正在停止 …")
    raise Stopped


def _failed(why: str) -> int:
    print(f"\n没有启动成功：{why}", file=sys.stderr, flush=True)
    return 1
