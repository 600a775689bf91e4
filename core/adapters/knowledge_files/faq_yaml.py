"""The form of `nlu_data/faq`: a file for each topic, meant to be read and reviewed by people."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from core.adapters.knowledge_files.lines import FileRefused, Reader, refuse_repeated
from core.knowledge.contents import EntryDraft, FileLine, ReferenceDraft

# As the files call them, where that is not how the entry does.
OTHER_NAMES = {"where": "place", "department": "department_code", "people_only": "is_people_only"}
KNOWN = {
    "slug", "question", "variants", "answer", "steps", "materials", "time_limit", "fee", "where",
    "link", "phone", "people_only", "references", "scope", "local_gap", "department", "review_by",
}  # fmt: skip


class PlainLoader(yaml.SafeLoader):
    """Knows plain data only, and no aliases: a few of them can stand for gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise FileRefused("yaml_aliases")
        return super().compose_node(parent, index)


class PlainDumper(yaml.SafeDumper):
    """Writes lists under their key, and long texts as blocks."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _write_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


PlainDumper.add_representer(str, _write_text)


def load(text: str) -> Any:
    try:
        return yaml.load(text, Loader=PlainLoader)  # noqa: S506 - a safe loader, see above
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise FileRefused("not_yaml", line=line) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise FileRefused("not_yaml", line=0) from error


def read_faq(content: Any) -> list[FileLine]:
    """Read one topic file that has been loaded."""
    if not isinstance(content, Mapping) or not isinstance(content.get("entries"), list):
        raise FileRefused("no_entries")
    topic = {"topic": content.get("topic"), "topic_title": content.get("title")}
    return refuse_repeated([
        _line(f"第 {number} 条", entry, topic)
        for number, entry in enumerate(content["entries"], start=1)
    ])  # fmt: skip


def _line(place: str, entry: Any, topic: Mapping[str, Any]) -> FileLine:
    reader = Reader()
    if not isinstance(entry, Mapping):
        reader.wrong("not_an_entry")
        return FileLine(place, "", None, tuple(reader.problems))
    for name in entry:
        if name not in KNOWN:
            reader.wrong("unknown_field", field=str(name)[:30])
    fields = {OTHER_NAMES.get(str(name), str(name)): value for name, value in entry.items()}
    if not isinstance(fields.get("is_people_only", False), bool):
        reader.wrong("not_yes_or_no", field="is_people_only")
    references = list(_references(reader, fields.get("references")))
    return reader.line(place, reader.draft({**fields, **topic}, references))


def _references(reader: Reader, value: Any) -> Iterator[ReferenceDraft]:
    if value is None:
        return
    if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
        reader.wrong("not_a_list", field="references")
        return
    for each in value:
        yield reader.reference(each)


def as_faq_folder(entries: Sequence[EntryDraft]) -> dict[str, str]:
    """Return file names and contents: one file for each topic, entries in their order."""
    topics: dict[str, list[EntryDraft]] = {}
    for entry in entries:
        topics.setdefault(entry.topic, []).append(entry)
    return {
        f"{topic}.yml": yaml.dump(
            {
                "topic": topic,
                "title": found[0].topic_title,
                "entries": [_as_mapping(entry) for entry in found],
            },
            Dumper=PlainDumper,
            allow_unicode=True,
            sort_keys=False,
            width=100_000,
        )
        for topic, found in topics.items()
    }


def _as_mapping(entry: EntryDraft) -> dict[str, Any]:
    written = {
        "slug": entry.slug,
        "question": entry.question,
        "variants": list(entry.variants),
        "answer": entry.answer,
        "steps": list(entry.steps),
        "materials": list(entry.materials),
        "time_limit": entry.time_limit,
        "fee": entry.fee,
        "where": entry.place,
        "link": entry.link,
        "phone": entry.phone,
        "people_only": entry.is_people_only or None,
        "references": [
            {name: value for name, value in vars(reference).items() if value is not None}
            for reference in entry.references
        ],
        "scope": entry.scope.value,
        "local_gap": entry.local_gap,
        "department": entry.department_code,
        "review_by": entry.review_by,
    }
    always = {"variants", "references"}
    return {name: value for name, value in written.items() if value or name in always}
