"""Figures as a table that people read, and as one line of JSON that programs read."""

from __future__ import annotations

import json
import os
import platform
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from nlu.evaluate.rows import FAR, NEAR, PLAIN, EvaluationSet
from nlu.evaluate.running import Run

Figures = Mapping[str, Any]
_GAP = "  "
_NONE = "—"
_KINDS = {
    PLAIN: "平实",
    "colloquial": "口语",
    "long": "啰嗦",
    "short": "简略",
    "typo": "同音错字",
    "voice": "语音转写",
    "dialect": "方言",
    "double": "一句两问",
    "traditional": "繁体",
}


def _percent(name: str) -> Callable[[Figures], str]:
    return lambda found: _NONE if found.get(name) is None else f"{100 * found[name]:.1f}"


def _number(name: str, digits: int = 1) -> Callable[[Figures], str]:
    return lambda found: _NONE if found.get(name) is None else f"{found[name]:.{digits}f}"


def _accuracy(found: Figures) -> str:
    if found.get("accuracy") is None:
        return _NONE
    low, high = 100 * found["accuracy_low"], 100 * found["accuracy_high"]
    return f"{100 * found['accuracy']:.1f} [{low:.1f}, {high:.1f}]"


def _seconds(name: str) -> Callable[[Figures], str]:
    return lambda found: f"{found[name]:.0f}{'（缓存）' if found.get('kept_from') else ''}"


_ROWS: tuple[tuple[str, Callable[[Figures], str]], ...] = (
    ("首选正确 % [95% 区间]", _accuracy),
    ("前三之内 %", _percent("top3_accuracy")),
    ("宏平均 F1 %", _percent("macro_f1")),
    ("首选正确 %，一个同音错字", _percent("accuracy_typo1")),
    ("首选正确 %，两个同音错字", _percent("accuracy_typo2")),
    ("按设定的把握：作答时正确 %", _percent("accuracy_when_answered")),
    ("　作答（覆盖）%", _percent("coverage")),
    ("　答对 %", _percent("answered_right")),
    ("　答错 %", _percent("answered_wrong")),
    ("　给出选项，其中有 %", _percent("offered_right")),
    ("　给出选项，其中没有 %", _percent("offered_wrong")),
    ("　没有听懂 %", _percent("missed")),
    ("范围外识别 %（接受 95% 范围内）", _percent("oos_recall_at_95")),
    ("　相近而不在库", _percent(f"oos_recall_at_95_{NEAR}")),
    ("　毫不相干", _percent(f"oos_recall_at_95_{FAR}")),
    ("范围内外区分 AUROC", _number("auroc", 3)),
    ("　相近而不在库", _number(f"auroc_{NEAR}", 3)),
    ("　毫不相干", _number(f"auroc_{FAR}", 3)),
    ("范围外被作答 %，相近", _percent(f"oos_answered_{NEAR}")),
    ("范围外被作答 %，不相干", _percent(f"oos_answered_{FAR}")),
    ("黄金问题答对 %", _percent("gold_answered_right")),
    ("必须拒答而未作答 %", _percent("must_refuse_kept")),
    ("每条毫秒，中位", _number("ms_median", 2)),
    ("每条毫秒，95 分位", _number("ms_p95", 2)),
    ("每秒条数（单进程）", _number("messages_per_second", 0)),
    ("每条占用处理器毫秒", _number("processor_ms", 2)),
    ("训练秒数", _seconds("train_seconds")),
    ("训练秒数，含启动", _seconds("train_process_seconds")),
    ("训练占用处理器秒数", _seconds("train_processor_seconds")),
    ("训练内存峰值 MB", _number("train_memory_mb", 0)),
    ("载入秒数", _number("load_seconds", 1)),
    ("服务内存 MB", _number("memory_mb", 0)),
)


def tables(measured: EvaluationSet, found: Mapping[str, Figures], runs: Sequence[Run]) -> str:
    """Return the table of one set: a row for each figure, a column for each pipeline."""
    titles = [run.pipeline.title for run in runs]
    figures = [found[run.pipeline.name] for run in runs]
    rows = [(title, [write(each) for each in figures]) for title, write in _ROWS]
    parts = [_heading(measured), *_grid(titles, [row for row in rows if any(_is_said(row))])]
    kinds = figures[0]["by_kind"]
    if len(kinds) > 1:
        parts += ["", "按写法：首选正确 % / 答错 %"]
        parts += _grid(titles, [_kind_row(kind, figures) for kind in kinds])
    return "\n".join(parts)


def notes(runs: Sequence[Run], left_out: Sequence[str], lesson_notes: Sequence[str]) -> list[str]:
    """Return what must be known to read the table fairly."""
    said = [f"机器：{machine()['summary']}；忙时测得的毫秒和秒数偏大，只宜在同一次运行里相比。"]
    for run in runs:
        if run.pipeline.config is None:
            said.append(f"{run.pipeline.title} 不经过 Rasa，所以没有 Rasa 每条约 1 毫秒的开销。")
        if run.training.kept_from:
            said.append(
                f"{run.pipeline.title} 的训练取自缓存（{run.training.kept_from}，"
                f"当时负载 {run.training.load_average:.1f}），输入相同；作答是这次测的。"
            )
    if left_out:
        said.append(f"没有测：{'、'.join(left_out)}（PEERS=all 才测全部）。")
    return [*said, *lesson_notes]


def machine() -> dict[str, Any]:
    model = re.search(r"model name\s*: (.+)", _read("/proc/cpuinfo"))
    name, cores = model[1] if model else platform.machine(), os.cpu_count()
    load = os.getloadavg()[0]
    return {
        "processor": name,
        "cores": cores,
        "load_average": load,
        "summary": f"{name}，{cores} 核，当前负载 {load:.1f}，Python {platform.python_version()}",
    }


def as_json(content: Mapping[str, Any]) -> str:
    def short(value: Any) -> Any:
        if isinstance(value, float):
            return round(value, 5)
        if isinstance(value, Mapping):
            return {name: short(item) for name, item in value.items()}
        return value

    return json.dumps(short(content), ensure_ascii=False)


def _heading(measured: EvaluationSet) -> str:
    outside = measured.out_of_scope
    apart = "，".join(
        f"{title} {sum(row.kind == kind for row in outside)}"
        for kind, title in ((NEAR, "相近"), (FAR, "不相干"))
    )
    return (
        f"\n== {measured.title}：范围内 {len(measured.in_scope)} 句"
        f"，范围外 {len(outside)} 句（{apart}）"
    )


def _is_said(row: tuple[str, list[str]]) -> Iterator[bool]:
    return (cell != _NONE for cell in row[1])


def _kind_row(kind: str, figures: Sequence[Figures]) -> tuple[str, list[str]]:
    rows = figures[0]["by_kind"][kind]["rows"]
    cells = [
        f"{_percent('accuracy')(each['by_kind'][kind])} / "
        f"{_percent('answered_wrong')(each['by_kind'][kind])}"
        for each in figures
    ]
    return f"{_KINDS.get(kind, kind)}（{rows} 句）", cells


def _grid(titles: Sequence[str], rows: Sequence[tuple[str, list[str]]]) -> list[str]:
    widths = [
        max(_width(title), *(_width(cells[place]) for _, cells in rows))
        for place, title in enumerate(titles)
    ]
    first = max(_width(title) for title, _ in rows)
    return [
        _pad(title, first) + "".join(_GAP + _pad(c, w, right=True) for c, w in zip(cells, widths))  # noqa: B905 - one width each
        for title, cells in [("", list(titles)), *rows]
    ]


def _pad(text: str, width: int, *, right: bool = False) -> str:
    filling = " " * (width - _width(text))
    return filling + text if right else text + filling


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def _read(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8")
    except OSError:
        return ""
