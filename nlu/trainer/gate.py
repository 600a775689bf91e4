"""The gate: a candidate beside the live model, rule by rule. Plain tables, no files, no time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nlu.trainer.hearing import GOLD, KNOWN, MUST_REFUSE, OUT_OF_SCOPE, Asked, Heard

_Hearings = Mapping[str, Heard]


@dataclass(frozen=True)
class Difference:
    """A question of a set on which the two models differ in what counts."""

    asked: Asked
    before: Heard
    after: Heard


@dataclass(frozen=True)
class Comparison:
    """Everything measured of both models on the same questions, in the same run."""

    asked: Sequence[Asked]
    before: _Hearings
    after: _Hearings
    milliseconds: tuple[float, float] = (0.0, 0.0)

    def of(self, *names: str) -> list[Difference]:
        return [
            Difference(one, self.before[one.text], self.after[one.text])
            for one in self.asked
            if one.of in names
        ]


@dataclass(frozen=True)
class Verdict:
    """What a rule found: how much, how much is allowed, and the questions that show it."""

    measured: float
    limit: float
    worse: tuple[Difference, ...] = ()
    note: str = ""

    @property
    def is_passed(self) -> bool:
        return self.measured <= self.limit


@dataclass(frozen=True)
class Rule:
    code: str
    title: str
    why: str
    advice: str
    check: Callable[[Comparison], Verdict]


def is_right(asked: Asked, heard: Heard) -> bool:
    """Tell whether the citizen gets the right thing, or may tap it."""
    return heard.answered in asked.labels or bool(set(heard.offered) & set(asked.labels))


def is_best(asked: Asked, heard: Heard) -> bool:
    """Tell whether the likeliest reading is right, whatever is then done with it."""
    return heard.answered in asked.labels or heard.best in asked.labels


# A gold question that was answered rightly is answered rightly again.
GOLD_LOST = 0
# A question whose wrong answer does harm: no more of them get one than before.
MUST_REFUSE_LOST = 0
# With 3 to 10 questions of an intent in the sets, a single one may be chance.
LOST_OF_ONE_INTENT = 1
# Of some 900 questions in scope; editing one entry moved at most 2 (docs/evaluation.md).
ACCURACY_LOST_POINTS = 0.5
# Out of scope and yet answered, in points of some 300 questions.
STRANGERS_GAINED_POINTS = 1.0
# Of the median, measured by turns; a larger store costs a little, a broken one a lot.
LATENCY_FACTOR = 2.0
LATENCY_FREE_MS = 2.0


def gold(both: Comparison) -> Verdict:
    lost = [
        one
        for one in both.of(GOLD)
        if one.before.answered in one.asked.labels and one.after.answered not in one.asked.labels
    ]
    return Verdict(len(lost), GOLD_LOST, tuple(lost))


def must_refuse(both: Comparison) -> Verdict:
    lost = [one for one in both.of(MUST_REFUSE) if one.after.is_answer and not one.before.is_answer]
    return Verdict(len(lost), MUST_REFUSE_LOST, tuple(lost))


def recall(both: Comparison) -> Verdict:
    """Count, for the intent that loses most, the questions lost less those won."""
    lost: dict[str, list[Difference]] = defaultdict(list)
    won: dict[str, int] = defaultdict(int)
    for one in both.of(*KNOWN):
        label = one.asked.labels[0]
        was, is_now = is_right(one.asked, one.before), is_right(one.asked, one.after)
        if was and not is_now:
            lost[label].append(one)
        won[label] += is_now and not was
    net = {label: len(found) - won[label] for label, found in lost.items()}
    bad = [label for label, count in net.items() if count > LOST_OF_ONE_INTENT]
    return Verdict(
        max(net.values(), default=0),
        LOST_OF_ONE_INTENT,
        tuple(one for label in bad for one in lost[label]),
    )


def accuracy(both: Comparison) -> Verdict:
    known = both.of(*KNOWN)
    before = [is_best(one.asked, one.before) for one in known]
    after = [is_best(one.asked, one.after) for one in known]
    lost = _points(sum(before) - sum(after), len(known))
    worse = [one for one, was, now in zip(known, before, after, strict=True) if was and not now]
    note = f"{_share(before)} → {_share(after)}"
    return Verdict(lost, ACCURACY_LOST_POINTS, tuple(worse), note)


def strangers(both: Comparison) -> Verdict:
    unknown = both.of(OUT_OF_SCOPE)
    before = [one.before.is_answer for one in unknown]
    after = [one.after.is_answer for one in unknown]
    gained = _points(sum(after) - sum(before), len(unknown))
    worse = [one for one, was, now in zip(unknown, before, after, strict=True) if now and not was]
    note = f"{sum(before)} → {sum(after)}（共 {len(unknown)} 个）"
    return Verdict(gained, STRANGERS_GAINED_POINTS, tuple(worse), note)


def latency(both: Comparison) -> Verdict:
    before, after = both.milliseconds
    note = f"{before:.1f} → {after:.1f} 毫秒"
    if after - before <= LATENCY_FREE_MS:
        return Verdict(1.0, LATENCY_FACTOR, note=note)
    return Verdict(round(after / max(before, 0.1), 2), LATENCY_FACTOR, note=note)


RULES = (
    Rule(
        "gold", "必答问题", "最常见的事项原来答对的，必须仍然答对",
        "这些问题被新问法带偏了：把最相近的新问法改得更具体，或者删去。", gold,
    ),
    Rule(
        "must_refuse", "不得作答的问题",
        "人身、健康、大额财产、期限等事项，答错有害，原来不答的不得变成作答",
        "新问法太笼统，吸引了知识库并不覆盖的问题：写明具体事项，删去一般性的说法。", must_refuse,
    ),
    Rule(
        "recall", "各问题的识别", f"任何一个问题的评测问句，净减少不超过 {LOST_OF_ONE_INTENT} 句",
        "受影响的问题与修改过的问题太接近：两边的问法要能区分开，各自写出关键词。", recall,
    ),
    Rule(
        "accuracy", "总体正确率", f"下降不超过 {ACCURACY_LOST_POINTS} 个百分点",
        "修改面较大时请分几次发布，便于看出是哪一条造成的。", accuracy,
    ),
    Rule(
        "strangers", "范围外的问题",
        f"被当成知识库问题作答的，增加不超过 {STRANGERS_GAINED_POINTS} 个百分点",
        "新问法里有与本事项无关的内容：删去闲聊或一般性的说法。", strangers,
    ),
    Rule(
        "latency", "理解用时", f"一句话的中位用时不超过原来的 {LATENCY_FACTOR} 倍",
        "问法数量异常增多：检查是否误导入了大量内容。", latency,
    ),
)  # fmt: skip


def judge(both: Comparison) -> dict[Rule, Verdict]:
    return {rule: rule.check(both) for rule in RULES}


def changed(both: Comparison) -> tuple[list[Difference], list[Difference]]:
    """Return the questions in scope that the candidate hears better, and those it hears worse."""
    better, worse = [], []
    for one in both.of(GOLD, *KNOWN):
        was, is_now = is_right(one.asked, one.before), is_right(one.asked, one.after)
        if is_now and not was:
            better.append(one)
        if was and not is_now:
            worse.append(one)
    return better, worse


def _points(count: int, of: int) -> float:
    return round(100 * count / of, 2) if of else 0.0


def _share(found: Sequence[bool]) -> str:
    return f"{100 * sum(found) / len(found):.1f}%" if found else "—"
