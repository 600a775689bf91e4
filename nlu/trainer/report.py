"""The gate's report: plain values for the console, and the same in words for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from nlu.trainer.gate import Comparison, Difference, Rule, Verdict, changed
from nlu.trainer.hearing import Heard
from nlu.trainer.questions import Problem
from nlu.trainer.suspects import CLAIMED, DREW, NEAR_TO, REMOVED, SAME, Suspect

SHOWN = 30  # questions listed under one heading
Titles = Mapping[str, str]

REASONS = {
    SAME: "与“{other}”的问法“{beside}”相同",
    NEAR_TO: "与“{other}”的问法“{beside}”几乎相同",
    CLAIMED: "线上模型明确认为是“{other}”",
    DREW: "使评测问句“{beside}”理解变差",
    REMOVED: "删去了这条问法，使评测问句“{beside}”理解变差",
}


def of_rules(verdicts: Mapping[Rule, Verdict], titles: Titles) -> list[dict[str, Any]]:
    return [
        {
            "code": rule.code,
            "title": rule.title,
            "why": rule.why,
            "advice": rule.advice,
            "measured": verdict.measured,
            "limit": verdict.limit,
            "note": verdict.note,
            "passed": verdict.is_passed,
            "questions": of_differences(verdict.worse, titles),
        }
        for rule, verdict in verdicts.items()
    ]


def of_comparison(both: Comparison, titles: Titles) -> dict[str, Any]:
    better, worse = changed(both)
    return {
        "better": of_differences(better, titles),
        "worse": of_differences(worse, titles),
        "better_count": len(better),
        "worse_count": len(worse),
        "asked_count": len(both.asked),
    }


def of_differences(found: Iterable[Difference], titles: Titles) -> list[dict[str, Any]]:
    return [
        {
            "text": one.asked.text,
            "expected": [titled(label, titles) for label in one.asked.labels],
            "before": told(one.before, titles),
            "after": told(one.after, titles),
        }
        for one in list(found)[:SHOWN]
    ]


def of_suspects(found: Iterable[Suspect], titles: Titles) -> list[dict[str, Any]]:
    return [
        {
            "form": one.form,
            "reason": one.reason,
            "other": one.other,
            "beside": one.beside,
            "text": REASONS[one.reason].format(other=titled(one.other, titles), beside=one.beside),
        }
        for one in found
    ]


def of_problems(found: Iterable[Problem]) -> list[dict[str, Any]]:
    return [
        {"form": form, "reason": "invalid", "other": "", "beside": "", "text": one.text}
        for one in found
        for form in one.forms or ("",)
    ]


def told(heard: Heard, titles: Titles) -> str:
    if heard.answered is not None:
        answered = (heard.answered, *heard.offered)
        return "作答：" + "、".join(titled(label, titles) for label in answered)
    if heard.offered:
        return "供选择：" + "、".join(titled(label, titles) for label in heard.offered)
    return "不作答"


def titled(label: str, titles: Titles) -> str:
    return WISHES.get(label) or titles.get(label, label)


WISHES = {
    "out_of_scope": "范围外",
    "nonsense": "无意义内容",
    "request_human": "转人工",
    "open_case": "反映问题",
    "case_status": "查询进度",
    "urge_case": "催办",
    "emergency": "紧急情况",
    "ask_details": "追问细节",
}


def in_words(report: Mapping[str, Any]) -> str:
    """Return the report for a terminal."""
    lines = [VERDICTS[report["verdict"]], *(f"  {note}" for note in report.get("notes", ()))]
    if "against" in report:
        lines.append(
            f"  与模型 {report['against']} 比较，共 {report['asked_count']} 个评测问句："
            f"变好 {report['better_count']} 个，变差 {report['worse_count']} 个"
        )
    for rule in report.get("rules", ()):
        mark = "通过" if rule["passed"] else "未通过"
        note = f"，{rule['note']}" if rule["note"] else ""
        lines.append(
            f"  {mark}  {rule['title']}：{rule['measured']:g}（上限 {rule['limit']:g}{note}）"
        )
        if not rule["passed"]:
            lines += [f"        {_line(one)}" for one in rule["questions"]]
            lines.append(f"        建议：{rule['advice']}")
    for change in report.get("changes", ()):
        if change["reasons"]:
            lines.append(f"  退回  {change['title']}")
            lines += [f"        “{one['form']}” {one['text']}" for one in change["reasons"]]
    return "\n".join(lines)


VERDICTS = {
    "passed": "检查通过。",
    "partly": "检查通过，其中有问题的修改已退回。",
    "refused": "检查未通过，线上模型保持不变。",
    "uncompared": "没有可比较的线上模型，直接采用。",
}


def _line(one: Mapping[str, Any]) -> str:
    return f"“{one['text']}”：{one['before']} → {one['after']}"


def of_changes(
    changes: Sequence[Any],
    faults: Mapping[str, Sequence[dict[str, Any]]],
    titles: Titles,
) -> list[dict[str, Any]]:
    return [
        {
            "id": change.id,
            "slug": change.slug,
            "title": titles.get(f"faq/{change.slug}", change.slug),
            "refused": bool(faults.get(change.id)),
            "reasons": list(faults.get(change.id, ()))[:SHOWN],
        }
        for change in changes
    ]
