import sys

import pytest

from setup.messages import SetupFailed, explain, run


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("error: failed to write: No space left on device (os error 28)", "磁盘空间不足"),
        ("error: Failed to fetch: `…`\n  dns error: failed to lookup", "连不上软件包仓库"),
        ("error sending request\n  invalid peer certificate: UnknownIssuer", "软件包仓库的证书"),
        ("npm error code ENOTFOUND", "连不上软件包仓库"),
        ("npm error code ENOSPC", "磁盘空间不足"),
    ],
)
def test_the_usual_troubles_are_named(output: str, reason: str):
    assert explain(output).startswith(reason)


def test_the_tools_own_last_words_are_kept():
    assert "no version of rasa" in explain("resolving…\nno version of rasa for this platform\n")


def test_a_failed_command_ends_set_up_with_one_message():
    command = [sys.executable, "-c", "raise SystemExit('坏了')"]

    with pytest.raises(SetupFailed, match="安装主环境失败：坏了"):
        run(command, doing="安装主环境")


def test_a_command_that_hangs_ends_set_up_too():
    command = [sys.executable, "-c", "import time; time.sleep(60)"]

    with pytest.raises(SetupFailed, match="没有完成"):
        run(command, doing="下载", seconds=0.2)


def test_a_missing_command_ends_set_up_without_a_traceback():
    with pytest.raises(SetupFailed, match="npm"):
        run(["/no/such/npm"], doing="安装前端资源")
