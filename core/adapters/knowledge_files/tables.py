"""Entries as a table: CSV as offices' spreadsheets write it, and XLSX."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from core.adapters.knowledge_files.lines import FileRefused, Reader, refuse_repeated
from core.knowledge.contents import EntryDraft, FileLine, ReferenceDraft
from core.knowledge.states import EntryScope

COLUMNS = {
    "slug": "标识", "topic": "主题代码", "topic_title": "主题", "question": "标准问法",
    "variants": "相似问法", "answer": "答案", "steps": "办理步骤", "materials": "所需材料",
    "time_limit": "办理时限", "fee": "费用", "place": "办理地点", "link": "网址",
    "phone": "咨询电话", "references": "依据", "scope": "适用范围", "local_gap": "需补充的本地内容",
    "is_people_only": "只由人工答复", "department_code": "责任单位", "review_by": "复核日期",
}  # fmt: skip
REQUIRED = ("slug", "topic", "topic_title", "question", "variants", "answer", "scope",
            "department_code", "review_by")  # fmt: skip
LISTS = ("variants", "steps", "materials")
SCOPES = {"全国适用": EntryScope.NATIONAL, "需补充本地内容": EntryScope.LOCAL,
          "平台规则": EntryScope.PLATFORM}  # fmt: skip
YES = {"是": True, "yes": True, "true": True, "1": True}
NO = {"": False, "否": False, "no": False, "false": False, "0": False}
REFERENCE_PARTS = ("document", "document_no", "article", "effective_on", "repealed_on", "successor")

MOST_ROWS = 3_000
# A spreadsheet takes what begins with these for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LARGEST_UNPACKED_BYTES = 60 * 1024 * 1024
_MOST_PARTS = 200


def read_csv(data: bytes) -> list[FileLine]:
    text = _decoded(data)
    try:
        csv.field_size_limit(1024 * 1024)
        separator = "\t" if "\t" in text.partition("\n")[0] else ","
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise FileRefused("not_csv") from error
    return _read_rows(rows)


def read_xlsx(data: bytes) -> list[FileLine]:
    _refuse_bombs(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = [
            ["" if cell is None else cell for cell in row]
            for row in islice(sheet.iter_rows(values_only=True), MOST_ROWS + 100)
        ]
    except Exception as error:
        raise FileRefused("not_xlsx") from error
    return _read_rows(rows)


def _decoded(data: bytes) -> str:
    """Read UTF-8, else the encoding in which Chinese spreadsheets save."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused("encoding_unknown")


def _refuse_bombs(data: bytes) -> None:
    """Look at what is packed before any of it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError) as error:
        raise FileRefused("not_xlsx") from error
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _LARGEST_UNPACKED_BYTES:
        raise FileRefused("unpacks_too_large")


def _read_rows(rows: Sequence[Sequence[Any]]) -> list[FileLine]:
    if not rows:
        raise FileRefused("no_rows")
    head = [str(cell).strip() for cell in rows[0]]
    names = {title: name for name, title in COLUMNS.items()}
    columns = {names[title]: place for place, title in enumerate(head) if title in names}
    missing = [COLUMNS[name] for name in REQUIRED if name not in columns]
    if missing:
        raise FileRefused("columns_missing", columns="、".join(missing))
    body = [
        (number, row)
        for number, row in enumerate(rows[1:], start=2)
        if any(str(cell).strip() for cell in row)
    ]
    if not body:
        raise FileRefused("no_rows")
    if len(body) > MOST_ROWS:
        raise FileRefused("too_many_rows", limit=MOST_ROWS)
    return refuse_repeated([_line(f"第 {number} 行", row, columns) for number, row in body])


def _line(place: str, row: Sequence[Any], columns: Mapping[str, int]) -> FileLine:
    reader = Reader()
    cells = {
        name: row[at] if at < len(row) and row[at] != "" else None for name, at in columns.items()
    }
    cells = {name: _plain(cell) for name, cell in cells.items()}
    fields: dict[str, Any] = dict(cells)
    for name in LISTS:
        fields[name] = _lines_of(cells.get(name))
    scope = str(cells.get("scope") or "").strip()
    fields["scope"] = SCOPES.get(scope, scope)
    answer = str(cells.get("is_people_only") or "").strip().lower()
    if answer not in YES | NO:
        reader.wrong("not_yes_or_no", field="is_people_only")
    fields["is_people_only"] = answer in YES
    references = list(_references(reader, _lines_of(cells.get("references"))))
    return reader.line(place, reader.draft(fields, references))


def _plain(cell: Any) -> Any:
    """Take back what the export put before a formula; a whole number is written without point."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, str) and cell.startswith("'") and cell[1:].startswith(_FORMULA):
        return cell[1:]
    return cell


def _lines_of(cell: Any) -> list[str]:
    return [] if cell is None else [_plain(line) for line in str(cell).splitlines()]


def _references(reader: Reader, lines: Iterable[str]) -> Iterator[ReferenceDraft]:
    for line in lines:
        if line.strip():
            parts = [part.strip() for part in line.replace("｜", "|").split("|")]
            if len(parts) > len(REFERENCE_PARTS):
                reader.wrong("reference_parts", text=line[:40])
                continue
            parts[0] = parts[0].removeprefix("《").removesuffix("》")
            yield reader.reference(dict(zip(REFERENCE_PARTS, parts, strict=False)))


def as_csv(entries: Sequence[EntryDraft]) -> bytes:
    """Return UTF-8 with a mark at its head, by which spreadsheets know it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS.values())
    for entry in entries:
        writer.writerow([_inert(cell) for cell in _cells(entry)])
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(entries: Sequence[EntryDraft]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("知识库")
    sheet.freeze_panes = "A2"
    heads = []
    for title in COLUMNS.values():
        cell = WriteOnlyCell(sheet, value=title)
        cell.font = Font(bold=True)
        heads.append(cell)
    sheet.append(heads)
    for entry in entries:
        row = []
        for value in _cells(entry):
            cell = WriteOnlyCell(sheet, value=_inert(value))
            cell.data_type = "s"  # never a formula
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            row.append(cell)
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _inert(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _cells(entry: EntryDraft) -> list[str]:
    titles = {scope: title for title, scope in SCOPES.items()}
    return [_cell(entry, name) if name != "scope" else titles[entry.scope] for name in COLUMNS]


def _cell(entry: EntryDraft, name: str) -> str:
    value = getattr(entry, name)
    if name == "references":
        return "\n".join(_written(reference) for reference in value)
    if name == "is_people_only":
        return "是" if value else ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "\n".join(value)
    return value or ""


def _written(reference: ReferenceDraft) -> str:
    parts = ["" if (part := getattr(reference, name)) is None else str(part)
             for name in REFERENCE_PARTS]  # fmt: skip
    return "|".join(parts).rstrip("|")
