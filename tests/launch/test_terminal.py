import pytest

from launch.terminal import show_trouble


@pytest.mark.parametrize(
    "line",
    [
        "2026-11-21 23:48:13 WARNING  nlu.tracker_store  - memory not reached",
        "2026-11-22T00:18:50Z [error    ] delivery refused               [bot.delivery]",
        '{"event": "delivery refused", "level": "error"}',
        "意外退出（SIGKILL），0.2 秒后重新启动",
    ],
)
def test_warnings_and_errors_are_shown_with_the_program(
    capsys: pytest.CaptureFixture[str], line: str
):
    show_trouble("worker-of-this-test", line)

    assert f"worker-of-this-test | {line}" in capsys.readouterr().out


@pytest.mark.parametrize(
    "line", ["2026-11-22 INFO  rasa.core  - up", "[info     ] errors: 0", "", "no warning here"]
)
def test_everything_else_stays_in_the_log(capsys: pytest.CaptureFixture[str], line: str):
    show_trouble("worker", line)

    assert capsys.readouterr().out == ""


def test_the_same_complaint_is_shown_once_a_minute(capsys: pytest.CaptureFixture[str]):
    for second in range(10, 20):
        show_trouble("rasa", f"00:49:{second} WARNING  - memory not reached")

    assert capsys.readouterr().out.count("memory not reached") == 1
