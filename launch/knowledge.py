"""`python -m launch.knowledge export FOLDER | import FILE… [--as LOGIN]`: the FAQ as files.

Without `--as` an import only tells what it would do; with it, what is good is put before a
second person as changes of that editor, as if the files had been sent in the console.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from config.notices import load_import_problems, load_notices
from config.settings import Settings
from core.adapters.knowledge_files import FileRefused, as_faq_folder, read_file
from core.bootstrap import Core, build_core, build_office
from core.errors import DomainError
from core.events import Event
from core.knowledge import queries, services
from core.knowledge.contents import EntryDraft, FileLine, Problem
from core.knowledge.queries import EntryFilter
from core.knowledge.states import EntryState, ImportOutcome
from core.operators import queries as operators
from core.operators.permissions import Permission
from core.unit_of_work import UnitOfWork

TITLES = {
    ImportOutcome.ADDED: "新增",
    ImportOutcome.CHANGED: "修改",
    ImportOutcome.UNCHANGED: "无变化",
    ImportOutcome.REFUSED: "不能导入",
}


class NotImported(Exception):
    """Why nothing was taken in, in a sentence for the terminal."""


def export(core: Core, folder: Path) -> int:
    """Write every published entry in the form of nlu_data/faq; return how many there were."""
    with core.unit_of_work() as uow:
        wanted = EntryFilter(state=EntryState.PUBLISHED)
        entries = [entry.content for entry in queries.listed(uow.session, wanted)]
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in as_faq_folder(entries).items():
        (folder / name).write_text(text, encoding="utf-8")
    return len(entries)


def import_files(core: Core, files: Sequence[Path], *, login: str | None) -> list[str]:
    """Compare files with what is live, and with a `login` make changes; return what to tell."""
    told: list[str] = []
    for file in files:
        with core.unit_of_work() as uow:
            told += _import_file(uow, file, login)
    return told


def _import_file(uow: UnitOfWork, file: Path, login: str | None) -> list[str]:
    live = {entry.slug: entry.content for entry in queries.listed(uow.session, EntryFilter())}
    try:
        lines = read_file(file.name, file.read_bytes(), live)
    except FileRefused as refused:
        return [f"{file.name}：{_worded(refused.problem)}"]
    if login is None:
        return [f"{file.name} {told}" for told in _compared(lines, live)]
    editor = operators.find_by_login_for_change(uow.session, login)
    if editor is None or not editor.can(Permission.EDIT_KNOWLEDGE):
        raise NotImported(f"账号 {login} 不存在或不是知识编辑")
    kept = services.keep_import(uow, lines, operator_id=editor.id, file_name=file.name)
    refused_lines = [
        f"{file.name} {line.place} 不能导入：{''.join(_worded(each) for each in line.problems)}"
        for line in kept.lines
        if line.outcome is ImportOutcome.REFUSED
    ]
    made = services.take_in(uow, kept.id, operator_id=editor.id, is_submitted=True)
    return [*refused_lines, f"{file.name} 已提交 {len(made)} 份修改，等待审核"]


def _compared(lines: Sequence[FileLine], live: Mapping[str, EntryDraft]) -> list[str]:
    told, same = [], 0
    for line in lines:
        before = live.get(line.slug)
        if line.draft is None:
            reasons = "".join(_worded(problem) for problem in line.problems)
            told.append(f"{line.place} {TITLES[ImportOutcome.REFUSED]}：{reasons}")
        elif before is None:
            told.append(f"{line.place} {TITLES[ImportOutcome.ADDED]}：{line.draft.question}")
        elif before.as_json() == line.draft.as_json():
            same += 1
        else:
            old, new = before.as_json(), line.draft.as_json()
            parts = "、".join(name for name in new if new[name] != old[name])
            told.append(
                f"{line.place} {TITLES[ImportOutcome.CHANGED]}：{line.draft.question}（{parts}）"
            )
    return [*told, f"{TITLES[ImportOutcome.UNCHANGED]} {same} 条"]


def _worded(problem: Problem) -> str:
    return load_import_problems()[problem.code].format_map(problem.facts)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m launch.knowledge")
    steps = parser.add_subparsers(dest="step", required=True)
    steps.add_parser("export").add_argument("folder", type=Path)
    taking_in = steps.add_parser("import")
    taking_in.add_argument("files", type=Path, nargs="+")
    taking_in.add_argument("--as", dest="login")
    given = parser.parse_args(arguments)
    core = _core(Settings())
    try:
        if given.step == "export":
            print(f"已导出 {export(core, given.folder)} 条到 {given.folder}。")
            return 0
        files = [
            file
            for path in given.files
            for file in (sorted(path.glob("*.yml")) if path.is_dir() else [path])
        ]
        for line in import_files(core, files, login=given.login):
            print(line)
        if given.login is None:
            print("以上只是比较，没有改动。加 --as 账号 后提交审核。")
    except (NotImported, DomainError, OSError) as error:
        print(f"没有完成：{error}", file=sys.stderr)
        return 1
    return 0


def _core(settings: Settings) -> Core:
    return build_core(
        settings.database_url,
        publish=_nobody_listens,
        office=build_office(
            settings.office_name,
            settings.office_hours,
            load_notices(),
            public_url=settings.public_url,
        ),
        data_key=settings.data_key.get_secret_value(),
    )


def _nobody_listens(event: Event) -> None:
    """Open screens see the changes when they are next looked at."""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
