"""Knowledge given out as files, and taken in from them line by line, after a look at each."""

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from config.notices import load_import_problems
from console import notices, wording
from console.context import operator, unit_of_work
from console.entered import UNPRINTABLE
from console.errors import words_for
from console.guard import needs
from console.knowledge import differences, lists
from console.knowledge.views import bp
from core.adapters import knowledge_files
from core.adapters.knowledge_files import LARGEST_BYTES, FileRefused
from core.errors import DomainError
from core.knowledge import queries, services
from core.knowledge.contents import EntryDraft, Problem
from core.knowledge.queries import EntryFilter
from core.knowledge.states import EntryState, ImportOutcome
from core.operators.permissions import Permission
from core.unit_of_work import UnitOfWork

FORM_ROOM_BYTES = 128 * 1024
SHOWN_LINES = 500


def zipped(entries: Sequence[EntryDraft]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, text in knowledge_files.as_faq_folder(entries).items():
            folder.writestr(name, text)
    return packed.getvalue()


FORMATS: dict[str, tuple[str, str, Callable[[Sequence[EntryDraft]], bytes]]] = {
    "xlsx": (
        "knowledge.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        knowledge_files.as_xlsx,
    ),
    "csv": ("knowledge.csv", "text/csv; charset=utf-8", knowledge_files.as_csv),
    "faq": ("knowledge-faq.zip", "application/zip", zipped),
    "rasa": (
        "knowledge-rasa.yml",
        "application/yaml; charset=utf-8",
        lambda entries: knowledge_files.as_rasa(entries).encode(),
    ),
}


@bp.url_value_preprocessor
def let_files_in(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Take a larger form for a file: this runs before anything else looks at the form."""
    if endpoint == "knowledge.look_at_file":
        request.max_content_length = LARGEST_BYTES + FORM_ROOM_BYTES


@bp.get("/files")
@needs(Permission.EDIT_KNOWLEDGE)
def files() -> ResponseReturnValue:
    return _files_page()


@bp.get("/files/export/<kind>")
@needs(Permission.EDIT_KNOWLEDGE)
def export(kind: str) -> ResponseReturnValue:
    """Give out what is published, all or one topic."""
    if kind not in FORMATS:
        return _files_page(), 404
    name, media_type, write = FORMATS[kind]
    topic = request.args.get("topic", "")
    with unit_of_work() as uow:
        wanted = EntryFilter(topic=topic, state=EntryState.PUBLISHED)
        entries = [entry.content for entry in queries.listed(uow.session, wanted)]
    answer = Response(write(entries), content_type=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.post("/files")
@needs(Permission.EDIT_KNOWLEDGE)
def look_at_file() -> ResponseReturnValue:
    """Compare a file with what is live; nothing is changed by it."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _files_page(refused="请先选择文件。"), 422
    name = UNPRINTABLE.sub("", sent.filename)[-200:]
    with unit_of_work() as uow:
        live = {entry.slug: entry.content for entry in queries.listed(uow.session, EntryFilter())}
    try:
        with sent.stream:
            data = sent.read()
        lines = knowledge_files.read_file(name, data, live)
    except FileRefused as refused:
        return _files_page(refused=f"“{name}”：{worded(refused.problem)}"), 422
    with unit_of_work() as uow:
        kept = services.keep_import(uow, lines, operator_id=operator().id, file_name=name)
    return redirect(url_for("knowledge.file", import_id=kept.id))


@bp.get("/files/<int:import_id>")
@needs(Permission.EDIT_KNOWLEDGE)
def file(import_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        return _file_page(uow, import_id)


@bp.post("/files/<int:import_id>")
@needs(Permission.EDIT_KNOWLEDGE)
def take_in(import_id: int) -> ResponseReturnValue:
    is_submitted = request.form.get("then") == "submit"
    try:
        with unit_of_work() as uow:
            made = services.take_in(
                uow, import_id, operator_id=operator().id, is_submitted=is_submitted
            )
    except DomainError as error:
        notices.tell(f"没有导入：{words_for(error)}请重新上传文件。", level="error")
        return redirect(url_for("knowledge.files"))
    done = "，已提交，等待另一位同事审核" if is_submitted else "，请逐份核对后提交审核"
    notices.tell(f"已生成 {len(made)} 份修改{done}。")
    return redirect(url_for("knowledge.changes", tab="own"))


def worded(problem: Problem) -> str:
    """Say in Chinese what is wrong with a line."""
    facts = dict(problem.facts)
    if "field" in facts:
        names = {**wording.knowledge()["fields"], **wording.knowledge()["columns"]}
        facts["field"] = names.get(str(facts["field"]), str(facts["field"]))
    return load_import_problems()[problem.code].format_map(facts)


def _files_page(*, refused: str = "") -> str:
    with unit_of_work() as uow:
        return render_template(
            "knowledge/files.html",
            refused=refused,
            topics=queries.topics(uow.session),
            formats=list(FORMATS),
        )


def _file_page(uow: UnitOfWork, import_id: int) -> str:
    kept = queries.get_import(uow.session, import_id, operator_id=operator().id)
    units = lists.unit_names(uow)
    entries = {entry.slug: entry for entry in queries.listed(uow.session, EntryFilter())}
    counts = dict.fromkeys(ImportOutcome, 0)
    shown = []
    for line in kept.lines:
        counts[line.outcome] += 1
        if line.outcome is ImportOutcome.UNCHANGED:
            continue
        entry = entries.get(line.slug)
        differing = (
            differences.between(entry.content if entry else None, line.content, units)
            if line.content is not None
            else []
        )
        shown.append((line, [worded(problem) for problem in line.problems], differing))
    # What cannot be taken in stands on top: it is what somebody has to mend.
    shown.sort(key=lambda row: row[0].outcome is not ImportOutcome.REFUSED)
    return render_template(
        "knowledge/file.html",
        kept=kept,
        counts=counts,
        shown=shown[:SHOWN_LINES],
        hidden=max(0, len(shown) - SHOWN_LINES),
        taken=counts[ImportOutcome.ADDED] + counts[ImportOutcome.CHANGED],
    )
