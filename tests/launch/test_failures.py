import errno

from launch.failures import last_words, reason


def test_a_full_disk_is_named_in_words():
    assert "磁盘已满" in reason(OSError(errno.ENOSPC, "No space left on device", "models/new"))
    assert "磁盘已满" in last_words(["FATAL:  could not extend file: No space left on device"])


def test_an_unusual_refusal_keeps_the_systems_words():
    assert reason(OSError(errno.EIO, "Input/output error")) == "Input/output error"


def test_only_the_end_of_what_a_program_said_is_quoted():
    quoted = last_words(f"第 {number} 行" for number in range(100))

    assert "第 99 行" in quoted
    assert "第 90 行" not in quoted


def test_silence_is_told_as_silence():
    assert "没有任何输出" in last_words(["", "  "])


def test_of_a_traceback_only_the_exception_is_quoted():
    told = ["Traceback (most recent call last):", '  File "nlu/train.py", line 1', "KeyError: 'a'"]

    assert last_words(told) == "\n    KeyError: 'a'"


def test_indented_words_outside_a_traceback_are_quoted():
    assert "marriage.yml" in last_words(["训练数据有问题：", "  marriage.yml：没有说法"])
