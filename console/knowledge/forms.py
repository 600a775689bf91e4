"""The editor's form: what was typed, as content, and what is wrong with it beside its field."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlsplit

from pypinyin import lazy_pinyin
from werkzeug.datastructures import MultiDict

from console import wording
from console.entered import cleaned
from core.knowledge.contents import EntryDraft, ReferenceDraft
from core.knowledge.similarity import unique
from core.knowledge.states import EntryScope

LIMITS = {
    "question": 200, "answer": 4000, "time_limit": 500, "fee": 500, "place": 500, "link": 500,
    "phone": 80, "local_gap": 1000, "note": 500, "topic_title": 40,
}  # fmt: skip
VARIANT_CHARACTERS = 200
MOST_VARIANTS = 300
MOST_LINES = 60
LINE_CHARACTERS = 500
MOST_REFERENCES = 40
REVIEW_AFTER = timedelta(days=365)

REFERENCE_PARTS = (
    "document", "document_no", "article", "effective_on", "repealed_on", "successor",
)  # fmt: skip
REFERENCE_LIMITS = {"document": 200, "document_no": 80, "article": 80, "successor": 200}
DAYS = {"effective_on", "repealed_on"}


@dataclass
class EntryForm:
    """What stands in the fields, exactly as typed, so that nothing is lost by a mistake."""

    values: dict[str, str]
    references: list[dict[str, str]]
    is_people_only: bool = False
    errors: dict[str, str] = field(default_factory=dict)
    merged: int = 0  # question forms that stood there twice

    @classmethod
    def of(cls, content: EntryDraft, *, note: str = "") -> "EntryForm":
        values = {name: getattr(content, name) or "" for name in LIMITS if name != "note"}
        return cls(
            values=values
            | {
                "note": note,
                "slug": content.slug,
                "topic": content.topic,
                "scope": content.scope.value,
                "department_code": content.department_code,
                "review_by": content.review_by.isoformat(),
                "variants": "\n".join(content.variants),
                "steps": "\n".join(content.steps),
                "materials": "\n".join(content.materials),
            },
            references=[
                {name: _shown(getattr(reference, name)) for name in REFERENCE_PARTS}
                for reference in content.references
            ],
            is_people_only=content.is_people_only,
        )

    @classmethod
    def read(cls, sent: "MultiDict[str, str]") -> "EntryForm":
        names = (*LIMITS, "slug", "topic", "scope", "department_code", "review_by",
                 "variants", "steps", "materials")  # fmt: skip
        columns = [sent.getlist(f"reference_{name}") for name in REFERENCE_PARTS]
        rows = [
            {name: cleaned(text) for name, text in zip(REFERENCE_PARTS, row, strict=True)}
            for row in zip(*columns, strict=False)
        ]
        return cls(
            values={name: cleaned(sent.get(name)) for name in names},
            references=[row for row in rows if any(row.values())],
            is_people_only=sent.get("is_people_only") == "yes",
        )

    def content(self, topics: dict[str, str]) -> EntryDraft | None:
        """Return what was typed as content; None, with `errors`, where it cannot be stored.

        `topics` are the titles of the topics there are, by their codes.
        """
        values = self.values
        for name, limit in LIMITS.items():
            if len(values[name]) > limit:
                self.errors[name] = wording.field_error("too_long", limit=limit)
        variants = self._variants()
        lines = {name: self._lines(name) for name in ("steps", "materials")}
        scope = self._scope()
        review_by = self._day("review_by", values["review_by"])
        if review_by is None and "review_by" not in self.errors:
            self.errors["review_by"] = wording.field_error("not_chosen", what="复核日期")
        topic, title = self._topic(topics)
        self._check_link()
        references = self._references()
        if self.errors or scope is None or review_by is None:
            return None
        return EntryDraft(
            slug=values["slug"],
            topic=topic,
            topic_title=title,
            question=values["question"],
            variants=variants,
            answer=values["answer"],
            scope=scope,
            department_code=values["department_code"],
            review_by=review_by,
            steps=lines["steps"],
            materials=lines["materials"],
            time_limit=values["time_limit"] or None,
            fee=values["fee"] or None,
            place=values["place"] or None,
            link=values["link"] or None,
            phone=values["phone"] or None,
            local_gap=values["local_gap"] or None,
            is_people_only=self.is_people_only,
            references=references,
        )

    def mark_missing(self, missing: str) -> None:
        """Write beside its field what a published entry needs and this one has not."""
        for name in filter(None, missing.split(",")):
            self.errors[name] = wording.knowledge()["missing"][name]

    def _variants(self) -> list[str]:
        typed = [line.strip() for line in self.values["variants"].splitlines() if line.strip()]
        kept = unique(typed)
        self.merged = len(typed) - len(kept)
        self.values["variants"] = "\n".join(kept)
        if len(kept) > MOST_VARIANTS:
            self.errors["variants"] = wording.field_error("too_many_lines", limit=MOST_VARIANTS)
        long = next((line for line in kept if len(line) > VARIANT_CHARACTERS), None)
        if long is not None:
            self.errors["variants"] = wording.field_error(
                "line_too_long", line=long[:20], limit=VARIANT_CHARACTERS
            )
        return kept

    def _lines(self, name: str) -> list[str]:
        lines = [line.strip() for line in self.values[name].splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            self.errors[name] = wording.field_error("too_many_lines", limit=MOST_LINES)
        long = next((line for line in lines if len(line) > LINE_CHARACTERS), None)
        if long is not None:
            self.errors[name] = wording.field_error(
                "line_too_long", line=long[:20], limit=LINE_CHARACTERS
            )
        return lines

    def _scope(self) -> EntryScope | None:
        try:
            return EntryScope(self.values["scope"])
        except ValueError:
            self.errors["scope"] = wording.field_error("not_chosen", what="适用范围")
            return None

    def _topic(self, topics: dict[str, str]) -> tuple[str, str]:
        """Return code and title of the topic that was chosen, or of a new one."""
        title = self.values["topic_title"]
        if self.values["topic"] in topics:
            return self.values["topic"], topics[self.values["topic"]]
        if not title:
            self.errors.setdefault("topic", wording.field_error("not_chosen", what="主题"))
        known = {name: code for code, name in topics.items()}
        return known.get(title) or slug_of(title, 40), title

    def _check_link(self) -> None:
        link = self.values["link"]
        if not link:
            return
        try:
            parts = urlsplit(link)
            is_fine = parts.scheme in {"http", "https"} and bool(parts.hostname)
        except ValueError:
            is_fine = False
        if not is_fine or " " in link:
            self.errors["link"] = wording.field_error("not_a_link")

    def _references(self) -> list[ReferenceDraft]:
        found = []
        if len(self.references) > MOST_REFERENCES:
            self.errors["references"] = wording.field_error("too_many_lines", limit=MOST_REFERENCES)
        for number, row in enumerate(self.references):
            for name, limit in REFERENCE_LIMITS.items():
                if len(row[name]) > limit:
                    self.errors[f"reference_{number}"] = wording.field_error(
                        "too_long", limit=limit
                    )
            if not row["document"]:
                self.errors[f"reference_{number}"] = wording.field_error("required", what="文件名")
            days = {name: self._day(f"reference_{number}", row[name]) for name in DAYS}
            effective_on, repealed_on = days["effective_on"], days["repealed_on"]
            if effective_on and repealed_on and repealed_on < effective_on:
                self.errors[f"reference_{number}"] = wording.field_error("repealed_before")
            found.append(
                ReferenceDraft(
                    document=row["document"].strip("《》") or row["document"],
                    document_no=row["document_no"] or None,
                    article=row["article"] or None,
                    effective_on=effective_on,
                    repealed_on=repealed_on,
                    successor=row["successor"] or None,
                )
            )
        return found

    def _day(self, name: str, text: str) -> date | None:
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.errors[name] = wording.field_error("not_a_day")
            return None


def slug_of(question: str, longest: int = 40) -> str:
    """Propose a name for the entry: its question as it sounds."""
    syllables = [
        re.sub(r"[^a-z0-9]", "", syllable.lower()) for syllable in lazy_pinyin(list(question))
    ]
    slug = "_".join(filter(None, syllables))
    return slug if len(slug) <= longest else slug[:longest].rpartition("_")[0]


def _shown(value: str | date | None) -> str:
    return value.isoformat() if isinstance(value, date) else value or ""
