"""`make bench`: measure, print a table, and keep it under the data folder."""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from core.clock import utc_now
from launch.programs import ROOT
from tests.load import acknowledging, turning
from tests.load.firing import Volley

KEPT = ROOT / ".data" / "bench"


def main() -> None:
    wanted = _arguments()
    load = os.getloadavg()[0]
    lines = [
        f"# 压测，{utc_now():%Y-%m-%d %H:%M} UTC",
        "",
        f"机器：{platform.machine()}，{os.cpu_count()} 核，开始时负载 {load:.1f}。"
        "数字只宜在同一次运行里相比；机器忙时都偏低。",
    ]
    with tempfile.TemporaryDirectory(prefix="desk-bench-") as folder:
        if "pushes" in wanted.parts:
            lines += _pushes(Path(folder), wanted.pushes)
        if "turns" in wanted.parts:
            peer = None if wanted.no_peer else KEPT / "peer-model"
            lines += _turns(Path(folder), wanted.turns, peer)
    table = "\n".join(lines) + "\n"
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT / f"{utc_now():%Y%m%d-%H%M%S}.md").write_text(table, encoding="utf-8")
    sys.stdout.write(table)


def _pushes(folder: Path, count: int) -> list[str]:
    rows = []
    for door, ours, peer in acknowledging.measure(folder / "pushes", count):
        rows.append([door.title, *_speed(ours), *(_speed(peer) if peer else ("—", "—"))])
    return _table(
        f"每秒确认的推送（{count} 条，{acknowledging.CONNECTIONS} 个连接）",
        "本系统存储、编号并安排答复之后才确认；对照是只回显、什么也不存的 wechatpy 服务。",
        ["方式", "本系统 条/秒", "95 分位 毫秒", "wechatpy 回显 条/秒", "95 分位 毫秒"],
        rows,
    )


def _turns(folder: Path, count: int, peer: Path | None) -> list[str]:
    rows = []
    for turns in turning.measure(folder, count, peer):
        server = (turns.start_seconds, turns.first_answer_milliseconds, turns.memory_mb)
        told = [f"{figure:.0f}" for figure in server]
        rows.append([turns.title, *_turn_figures(turns.quiet, count), *told])
        if turns.while_training:
            title = f"{turns.title}，旁边在训练"
            rows.append([title, *_turn_figures(turns.while_training, count), "", "", ""])
    return _table(
        f"完整的一问一答（{count} 条，{turning.CONNECTIONS} 位市民同时）",
        "推送进网关，经后台任务、Rasa、动作服务，答复随同一连接返回；数据库落盘。",
        [
            *("理解", "条/秒", "中位 毫秒", "95 分位", "99 分位", "当场得到答复"),
            *("Rasa 启动 秒", "首答 毫秒", "Rasa 内存 MB"),
        ],
        rows,
    )


def _turn_figures(volley: Volley, count: int) -> tuple[str, ...]:
    percentiles = (f"{volley.percentile(share):.0f}" for share in (0.5, 0.95, 0.99))
    return (f"{volley.per_second:.1f}", *percentiles, f"{volley.answered}/{count}")


def _speed(volley: Volley) -> tuple[str, str]:
    return f"{volley.per_second:.0f}", f"{volley.percentile(0.95):.1f}"


def _table(title: str, note: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    body = [f"| {' | '.join(row)} |" for row in rows]
    return [
        "",
        f"## {title}",
        "",
        note,
        "",
        f"| {' | '.join(heads)} |",
        "|---" * len(heads) + "|",
        *body,
    ]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="压测，与同行并排")
    parser.add_argument("parts", nargs="*", default=["pushes", "turns"], metavar="pushes|turns")
    parser.add_argument("--pushes", type=int, default=3000)
    parser.add_argument("--turns", type=int, default=400)
    parser.add_argument("--no-peer", action="store_true", help="不与 Rasa 默认流水线比")
    return parser.parse_args()


if __name__ == "__main__":
    main()
