"""The form of Rasa's NLU files: what each intent is asked with, and nothing of its answer."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import yaml

from core.adapters.knowledge_files.faq_yaml import PlainDumper
from core.adapters.knowledge_files.lines import FileRefused, Reader, refuse_repeated
from core.knowledge.contents import EntryDraft, FileLine
from core.knowledge.similarity import normalised, unique

FAQ_PREFIX = "faq/"
# An entity in an example: [北京](city) or [北京]{"entity": "city"}.
_ENTITY = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


def read_rasa(content: Any, live: Mapping[str, EntryDraft]) -> list[FileLine]:
    """Read the question forms of entries there are; everything else of them stays."""
    blocks = content.get("nlu") if isinstance(content, Mapping) else None
    if not isinstance(blocks, list):
        raise FileRefused("no_intents")
    return refuse_repeated([
        _line(f"第 {number} 个意图", block, live) for number, block in enumerate(blocks, start=1)
    ])  # fmt: skip


def _line(place: str, block: Any, live: Mapping[str, EntryDraft]) -> FileLine:
    reader = Reader()
    intent = str(block.get("intent") or "") if isinstance(block, Mapping) else ""
    slug = intent.removeprefix(FAQ_PREFIX)
    entry = live.get(slug)
    if not intent.startswith(FAQ_PREFIX):
        reader.wrong("not_a_faq_intent", text=intent[:60])
    elif entry is None:
        reader.wrong("intent_without_answer", text=slug[:60])
    if reader.problems or entry is None:
        return FileLine(place, slug, None, tuple(reader.problems))
    lines = str(block.get("examples") or "").splitlines()
    if any(line.strip() and not line.strip().startswith("-") for line in lines):
        reader.wrong("not_an_example")
    said = [_ENTITY.sub(r"\1", line.strip().removeprefix("-").strip()) for line in lines]
    forms = [
        form
        for form in unique(reader.lines("variants", said))
        if normalised(form) != normalised(entry.question)
    ]
    draft = replace(entry, variants=forms)
    for name in draft.lacks:
        reader.wrong("missing", field=name)
    return reader.line(place, draft)


def as_rasa(entries: Sequence[EntryDraft]) -> str:
    intents = [
        {
            "intent": f"{FAQ_PREFIX}{entry.slug}",
            "metadata": {"topic": entry.topic},
            "examples": "".join(f"- {form}\n" for form in (entry.question, *entry.variants)),
        }
        for entry in entries
    ]
    return yaml.dump(
        {"version": "3.1", "nlu": intents},
        Dumper=PlainDumper,
        allow_unicode=True,
        sort_keys=False,
        width=100_000,
    )
