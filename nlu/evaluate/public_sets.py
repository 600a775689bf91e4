"""The public test sets beside the project, when they are there; none of them is copied."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from nlu.evaluate import line_files
from nlu.evaluate.rows import BadEvaluationData, EvaluationSet, Lesson

_FAR = "faq/far_oos_smp2017_test.tsv"
# Name, title, standard questions, other wordings, questions that are close but not among them.
_STORES = (
    (
        "gdzwfw",
        "广东政务服务事项（俗称找事项）",
        "faq/gdzwfw_kb.tsv",
        "faq/gdzwfw_alias_queries.tsv",
        None,
    ),
    (
        "lcqmc",
        "LCQMC 常见问题",
        "faq/lcqmc_faq_kb.tsv",
        "faq/lcqmc_faq_queries.tsv",
        "faq/lcqmc_faq_near_oos.tsv",
    ),
    (
        "afqmc",
        "AFQMC 常见问题",
        "faq/afqmc_faq_kb.tsv",
        "faq/afqmc_faq_queries.tsv",
        "faq/afqmc_faq_near_oos.tsv",
    ),
)
_SMP = ("smp2017", "SMP-ECDT 2017 意图", "smp2017/smp2017_task1_")


def read(folder: Path) -> Iterator[tuple[str, Lesson, EvaluationSet]]:
    """Yield each set that is there; raise BadEvaluationData when there is none."""
    count = 0
    name, title, start = _SMP
    parts = [folder / f"{start}{part}.tsv" for part in ("train", "develop")]
    if all(part.exists() for part in parts):
        count += 1
        lesson, measured = line_files.read_labelled_tables(*parts)
        yield name, lesson, replace(measured, title=title)
    for name, title, kb, queries, near in _STORES:
        files = [folder / kb, folder / queries]
        if all(file.exists() for file in files):
            count += 1
            far = folder / _FAR
            lesson, measured = line_files.read_questions(
                *files, folder / near if near else None, far if far.exists() else None
            )
            yield name, lesson, replace(measured, title=title)
    if not count:
        raise BadEvaluationData([f"{folder} 里没有认识的公开数据"])
