"""The command as people call it, on a handful of sentences."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TRAIN = [
    *((text, "天气") for text in ("明天下雨吗", "今天多少度", "后天冷不冷", "周末天气怎么样")),
    *((text, "播放/音乐") for text in ("放首歌", "来点音乐", "播放周杰伦的歌", "我想听歌")),
    *((text, "订票") for text in ("订一张火车票", "买去北京的票", "帮我买高铁票", "订机票")),
]
TEST = [
    ("明天下不下雨", "天气"),
    ("放个歌听", "播放/音乐"),
    ("买火车票", "订票"),
    ("红烧肉怎么做", "out_of_scope"),
]


def evaluate(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "nlu.evaluate", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def files(tmp_path):
    def write(name, rows):
        file = tmp_path / name
        lines = (json.dumps({"text": text, "intent": label}) for text, label in rows)
        file.write_text("\n".join(lines), encoding="utf-8")
        return file

    return write("train.jsonl", TRAIN), write("test.jsonl", TEST)


def test_all_pipelines_are_trained_asked_and_told_side_by_side(files, tmp_path):
    train, test = files

    run = evaluate(*("--train", train, "--test", test, "--fast", "--cache", tmp_path / "cache"))

    assert run.returncode == 0, run.stderr
    *table, last = run.stdout.strip().splitlines()
    found = json.loads(last)["pipelines"]
    assert list(found) == ["own", "char_ngrams", "rasa_shortened"]
    assert found["own"]["accuracy"] == found["char_ngrams"]["accuracy"] == 1.0
    for figures in found.values():
        assert (figures["in_scope"], figures["out_of_scope"]) == (3, 1)
        assert min(figures[name] for name in ("ms_median", "train_seconds", "memory_mb")) > 0
    assert any("不代表默认" in line for line in table)
    assert any("没有测：Rasa 默认" in line for line in table)


def test_a_bad_file_is_refused_before_anything_is_trained(files):
    train, test = files
    test.write_text('{"text": "甲"}\n坏行\n', encoding="utf-8")

    run = evaluate("--train", train, "--test", test)

    assert (run.returncode, run.stdout) == (2, "")
    assert "第 1 行：缺少 intent" in run.stderr
    assert "第 2 行：不是有效的 JSON" in run.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--peers", "some"), "PEERS 只能是 none、baseline、all"),
        (("--train", "a"), "TRAIN 和 TEST 要一起给出"),
        (("--kb", "a"), "KB 和 QUERIES 要一起给出"),
        (("--far-oos", "a"), "NEAR_OOS 和 FAR_OOS 只能和 KB、QUERIES 一起用"),
        (("--train", "a", "--test", "b", "--public", "c"), "只能选一种"),
    ],
)
def test_options_that_do_not_fit_together_are_refused(arguments, told):
    run = evaluate(*arguments)

    assert run.returncode == 2
    assert told in run.stderr
