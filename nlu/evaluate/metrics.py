"""The arithmetic: from what was understood to figures. Shares are between 0 and 1."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

import numpy as np
from scipy.stats import rankdata

from nlu.decision import FAQ
from nlu.evaluate.rows import FAR, NEAR, EvaluationSet, Row
from nlu.evaluate.understanding import Understood
from nlu.labels import REFUSALS

ACCEPTED = 0.95  # of the messages in scope must be accepted where out-of-scope recall is told
WELL_KNOWN = 1.96  # standard errors around an observed share: 19 of 20 such intervals hold it

Understandings = Mapping[str, Understood]


def figures(measured: EvaluationSet, understandings: Understandings) -> dict[str, Any]:
    """Return every figure of one pipeline on one set; None where there is nothing to count."""
    asked = [(row, understandings[row.text]) for row in measured.in_scope]
    right = [_is_right(row, found) for row, found in asked]
    low, high = interval(sum(right), len(right))
    return {
        "in_scope": len(asked),
        "accuracy": share(right),
        "accuracy_low": low,
        "accuracy_high": high,
        "top3_accuracy": share([_is_among(row, found.ranking[:3]) for row, found in asked]),
        "macro_f1": macro_f1(asked),
        **outcomes(asked),
        **_typos(measured, understandings),
        **strangers(measured, understandings),
        **_gates(measured, understandings),
        **speed([understandings[row.text].milliseconds for row in measured.rows]),
        "by_kind": _by_kind(asked),
    }


def outcomes(asked: Sequence[tuple[Row, Understood]]) -> dict[str, Any]:
    """Tell what citizens with a question in scope would get, at the confidence that is set."""
    counted = Counter(outcome(row, found) for row, found in asked)
    answered = counted["answered_right"] + counted["answered_wrong"]
    names = ("answered_right", "answered_wrong", "offered_right", "offered_wrong", "missed")
    return {
        **{name: counted[name] / len(asked) if asked else None for name in names},
        "coverage": answered / len(asked) if asked else None,
        "accuracy_when_answered": counted["answered_right"] / answered if answered else None,
    }


def outcome(row: Row, found: Understood) -> str:
    if found.offered:
        return "offered_right" if _is_among(row, found.offered) else "offered_wrong"
    if found.is_refusal and found.answered not in row.labels:
        return "missed"
    return "answered_right" if found.answered in row.labels else "answered_wrong"


def strangers(measured: EvaluationSet, understandings: Understandings) -> dict[str, Any]:
    """Tell how messages out of scope are kept apart from those in scope, near and far ones."""
    known = [
        understandings[row.text].in_scope
        for row in measured.in_scope
        if not REFUSALS.issuperset(row.labels)  # keyboard noise is to be kept apart as well
    ]
    result: dict[str, Any] = {}
    kinds = {"": None, f"_{NEAR}": NEAR, f"_{FAR}": FAR}
    for ending, kind in kinds.items():
        found = [
            understandings[row.text]
            for row in measured.out_of_scope
            if kind is None or row.kind == kind
        ]
        scores = [item.in_scope for item in found]
        result |= {
            f"out_of_scope{ending}": len(found),
            f"oos_recall_at_95{ending}": recall_of_strangers(known, scores),
            f"auroc{ending}": auroc(known, scores),
            f"oos_answered{ending}": share([_is_answered(item) for item in found]),
            f"oos_offered{ending}": share([bool(item.offered) for item in found]),
        }
    return result


def macro_f1(asked: Sequence[tuple[Row, Understood]]) -> float | None:
    """Average F1 over the labels that were asked for, each label weighing the same.

    A message with several right labels counts for the one that was found, else for its first.
    """
    hits, missed, wrong = Counter[str](), Counter[str](), Counter[str]()
    for row, found in asked:
        if found.best in row.labels:
            hits[str(found.best)] += 1
        else:
            missed[row.labels[0]] += 1
            wrong[str(found.best)] += 1
    labels = hits.keys() | missed.keys()
    if not labels:
        return None
    return fmean(
        2 * hits[label] / (2 * hits[label] + missed[label] + wrong[label]) for label in labels
    )


def recall_of_strangers(known: Sequence[float], strange: Sequence[float]) -> float | None:
    """Return the share of strangers below the line that 95 % of the known are not below."""
    if not known or not strange:
        return None
    line = sorted(known, reverse=True)[math.ceil(ACCEPTED * len(known)) - 1]
    return share([score < line for score in strange])


def auroc(known: Sequence[float], strange: Sequence[float]) -> float | None:
    """Return the chance that a known message scores higher than a strange one; ties are half."""
    if not known or not strange:
        return None
    ranks = rankdata([*known, *strange])[: len(known)].sum()
    return float((ranks - len(known) * (len(known) + 1) / 2) / (len(known) * len(strange)))


def speed(milliseconds: Sequence[float]) -> dict[str, Any]:
    if not milliseconds:
        return {"ms_median": None, "ms_p95": None, "messages_per_second": None}
    return {
        "ms_median": float(np.median(milliseconds)),
        "ms_p95": float(np.percentile(milliseconds, 95)),
        "messages_per_second": 1000 / fmean(milliseconds),
    }


def share(found: Sequence[bool]) -> float | None:
    return sum(found) / len(found) if found else None


def interval(hits: int, of: int) -> tuple[float | None, float | None]:
    """Return Wilson's 95 % interval of an observed share."""
    if not of:
        return None, None
    observed, square = hits / of, WELL_KNOWN**2
    middle = (observed + square / (2 * of)) / (1 + square / of)
    spread = math.sqrt(observed * (1 - observed) / of + square / (4 * of**2))
    reach = WELL_KNOWN * spread / (1 + square / of)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def _typos(measured: EvaluationSet, understandings: Understandings) -> dict[str, Any]:
    return {
        f"accuracy_typo{count + 1}": share(
            [
                _is_right(row, understandings[row.typos[count]])
                for row in measured.in_scope
                if len(row.typos) > count
            ]
        )
        for count in range(2)
    }


def _gates(measured: EvaluationSet, understandings: Understandings) -> dict[str, Any]:
    """Tell of the questions that must be answered rightly, and of those that must not be."""
    gold = [understandings[row.text].answered in row.labels for row in measured.gold]
    refused = [not _is_of_the_faq(understandings[row.text]) for row in measured.must_refuse]
    return {"gold_answered_right": share(gold), "must_refuse_kept": share(refused)}


def _by_kind(asked: Sequence[tuple[Row, Understood]]) -> dict[str, dict[str, Any]]:
    groups: dict[str, list[tuple[Row, Understood]]] = defaultdict(list)
    for row, found in asked:
        groups[row.kind].append((row, found))
    return {
        kind: {
            "rows": len(group),
            "accuracy": share([_is_right(row, found) for row, found in group]),
            "answered_wrong": outcomes(group)["answered_wrong"],
        }
        for kind, group in sorted(groups.items())
    }


def _is_right(row: Row, found: Understood) -> bool:
    return found.best in row.labels


def _is_among(row: Row, labels: Sequence[str]) -> bool:
    return any(label in row.labels for label in labels)


def _is_answered(found: Understood) -> bool:
    """Tell whether a message that is out of scope was acted upon all the same."""
    return not found.offered and not found.is_refusal


def _is_of_the_faq(found: Understood) -> bool:
    return found.answered is not None and found.answered.startswith(f"{FAQ}/")
