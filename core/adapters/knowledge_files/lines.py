"""One entry of a file, and what keeps it from being taken in."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from core.knowledge.contents import SLUG, EntryDraft, FileLine, Problem, ReferenceDraft
from core.knowledge.similarity import unique
from core.knowledge.states import EntryScope

LIMITS = {
    "slug": 80, "topic": 40, "topic_title": 40, "question": 200, "answer": 4000,
    "time_limit": 500, "fee": 500, "place": 500, "link": 500, "phone": 80, "local_gap": 1000,
}  # fmt: skip
LINE_LIMITS = {"variants": 200, "steps": 500, "materials": 500}
MOST_LINES = {"variants": 300, "steps": 60, "materials": 60}
REFERENCE_LIMITS = {"document": 200, "document_no": 80, "article": 80, "successor": 200}

# Signs no screen shows, and half characters that no database stores.
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


class FileRefused(Exception):
    """Nothing of the file can be read."""

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(code)
        self.problem = Problem(code, facts)


class Reader:
    """Reads the fields of one entry and gathers all that is wrong with it at once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def wrong(self, code: str, **facts: str | int) -> None:
        self.problems.append(Problem(code, facts))

    def text(self, name: str, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, list | dict):
            self.wrong("not_a_text", field=name)
            return ""
        text = clean(str(value))
        if len(text) > LIMITS.get(name, 4000):
            self.wrong("too_long", field=name, limit=LIMITS[name])
        return text

    def lines(self, name: str, value: Any) -> list[str]:
        if value is None:
            return []
        if not isinstance(value, list) or any(
            isinstance(each, list | dict) or each is None for each in value
        ):
            self.wrong("not_a_list", field=name)
            return []
        found = [line for each in value if (line := " ".join(clean(str(each)).split("\n")).strip())]
        if len(found) > MOST_LINES[name]:
            self.wrong("too_many_lines", field=name, limit=MOST_LINES[name])
        if any(len(line) > LINE_LIMITS[name] for line in found):
            self.wrong("line_too_long", field=name, limit=LINE_LIMITS[name])
        return found

    def day(self, name: str, value: Any) -> date | None:
        if value is None or value == "":
            return None
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        text = str(value).strip().replace("/", "-").replace(".", "-")
        try:
            year, month, day = (int(part) for part in text.split("-"))
            return date(year, month, day)
        except ValueError:
            self.wrong("not_a_day", field=name, text=str(value)[:30])
            return None

    def draft(self, fields: Mapping[str, Any], references: Sequence[ReferenceDraft]) -> EntryDraft:
        """Return the entry; worthless where `problems` were found."""
        text = {name: self.text(name, fields.get(name)) for name in LIMITS}
        if not SLUG.fullmatch(text["slug"]):
            self.wrong("slug_invalid", text=text["slug"][:30])
        scope = self._scope(fields.get("scope"))
        review_by = self.day("review_by", fields.get("review_by"))
        if review_by is None and not any(
            problem.facts.get("field") == "review_by" for problem in self.problems
        ):
            self.wrong("missing", field="review_by")
        for name in ("topic", "topic_title", "department_code"):
            if not str(fields.get(name) or "").strip():
                self.wrong("missing", field=name)
        self._check_link(text["link"])
        draft = EntryDraft(
            slug=text["slug"],
            topic=text["topic"],
            topic_title=text["topic_title"],
            question=text["question"],
            variants=unique(self.lines("variants", fields.get("variants"))),
            answer=text["answer"],
            scope=scope,
            department_code=self.text("department_code", fields.get("department_code")),
            review_by=review_by or date.max,
            steps=self.lines("steps", fields.get("steps")),
            materials=self.lines("materials", fields.get("materials")),
            time_limit=text["time_limit"] or None,
            fee=text["fee"] or None,
            place=text["place"] or None,
            link=text["link"] or None,
            phone=text["phone"] or None,
            local_gap=text["local_gap"] or None,
            is_people_only=bool(fields.get("is_people_only")),
            references=references,
        )
        if not any(problem.code.startswith("not_a") for problem in self.problems):
            for name in draft.lacks:
                self.wrong("missing", field=name)
        return draft

    def reference(self, fields: Mapping[str, Any]) -> ReferenceDraft:
        text = {name: self.text(name, fields.get(name)) for name in REFERENCE_LIMITS}
        for name, limit in REFERENCE_LIMITS.items():
            if len(text[name]) > limit:
                self.wrong("too_long", field="references", limit=limit)
        if not text["document"]:
            self.wrong("missing", field="document")
        return ReferenceDraft(
            document=text["document"],
            document_no=text["document_no"] or None,
            article=text["article"] or None,
            effective_on=self.day("effective_on", fields.get("effective_on")),
            repealed_on=self.day("repealed_on", fields.get("repealed_on")),
            successor=text["successor"] or None,
        )

    def line(self, place: str, draft: EntryDraft) -> FileLine:
        if self.problems:
            return FileLine(place, draft.slug, None, tuple(self.problems))
        return FileLine(place, draft.slug, draft)

    def _scope(self, value: Any) -> EntryScope:
        try:
            return EntryScope(str(value or "").strip())
        except ValueError:
            self.wrong("scope_unknown", text=str(value or "")[:30])
            return EntryScope.PLATFORM

    def _check_link(self, link: str) -> None:
        try:
            parts = urlsplit(link)
            is_fine = not link or (parts.scheme in {"http", "https"} and bool(parts.hostname))
        except ValueError:
            is_fine = False
        if not is_fine:
            self.wrong("not_a_link", text=link[:60])


def clean(text: str) -> str:
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def refuse_repeated(lines: Sequence[FileLine]) -> list[FileLine]:
    """Take in each entry once: what comes again under the same name is refused."""
    first: dict[str, str] = {}
    checked = []
    for line in lines:
        if line.slug and line.slug in first:
            problem = Problem("repeated", {"place": first[line.slug]})
            checked.append(FileLine(line.place, line.slug, None, (*line.problems, problem)))
        else:
            first[line.slug] = line.place
            checked.append(line)
    return checked
