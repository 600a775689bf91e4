"""The table of a fault run."""

from collections import Counter
from collections.abc import Mapping, Sequence

from tests.faults.storm.driving import Outcome
from tests.faults.storm.evidence import repeated
from tests.faults.storm.judging import UNKNOWN, the_order_was_kept, token_calls

SHOWN_BREACHES = 10


def table(outcome: Outcome, broken: Mapping[str, Sequence[str]]) -> list[str]:
    storm, evidence = outcome.storm, outcome.evidence
    states = Counter((line.state, line.way) for line in evidence.said)
    failures = Counter(line.error_code for line in evidence.said if line.state == "failed")
    unknown = [line for line in evidence.said if line.error_code == UNKNOWN]
    arrived = sum(
        bool(line.marks) and all(mark in evidence.seen[line.platform_id] for mark in line.marks)
        for line in unknown
        if line.state == "failed"
    )
    rows = [
        ("市民", len(evidence.written)),
        ("写出的消息", sum(len(lines) for lines in evidence.written.values())),
        ("收到并保存的消息", len(evidence.heard)),
        ("推送（含重推、重复）", evidence.stats["deliveries"]),
        ("平台三次推送均未得到应答", evidence.stats["malfunctions"]),
        ("答复", len(evidence.said)),
        ("　随推送送达", states["sent", "passive"]),
        ("　经接口送达", states["sent", "api"]),
        ("　失败：结果未知", failures.pop(UNKNOWN, 0)),
        ("　　其中市民其实已收到", arrived),
        *((f"　失败：{code}", times) for code, times in sorted(failures.items(), key=str)),
        ("风暴过后仍留待市民来消息的会话", outcome.held_meanwhile),
        ("最后仍留着的答复", sum(line.state == "held" for line in evidence.said)),
        ("市民重复收到", sum(len(repeated(seen)) for seen in evidence.seen.values())),
        ("次序颠倒", len(the_order_was_kept(evidence))),
        ("access_token 请求", token_calls(evidence)),
        ("平台发作的故障", _in_words(evidence.stats["faults"])),
        ("平台的错误码", _in_words(evidence.stats["errors"])),
        ("秒", round(outcome.seconds)),
    ]
    lines = [
        f"## {storm.platform.title}：{storm.citizens} 位市民，{storm.messages} 条消息",
        "",
        "| | |",
        "|---|---|",
        *(f"| {name} | {figure} |" for name, figure in rows),
        "",
    ]
    if not broken:
        return [*lines, "各项约定全部成立。", ""]
    for rule, breaches in broken.items():
        lines.append(f"未成立：{rule}（{len(breaches)} 处）")
        lines += [f"  {breach}" for breach in breaches[:SHOWN_BREACHES]]
    return [*lines, ""]


def _in_words(counts: Mapping[str, int]) -> str:
    return "，".join(f"{name} {times}" for name, times in counts.items()) or "无"
