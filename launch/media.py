"""`python -m launch.media`: erase citizens' media that are kept long enough, and find orphans.

Shows what it would do; `--apply` does it. Messages stay, and tell that something was erased.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.notices import load_notices
from config.settings import Settings
from core.adapters.media_folder import MediaFolder
from core.bootstrap import Core, build_core, build_office
from core.events import Event
from core.media import queries, services
from core.media.storing import MediaStore, StoredContent

# Bytes are written before the row that names them.
LEFT_ALONE = timedelta(hours=1)
ERASED_AT_ONCE = 500
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Findings:
    """What is to go: attachments by their messages, bytes without a row; and rows without bytes."""

    message_ids: tuple[int, ...]
    upload_ids: tuple[int, ...]
    attached_bytes: int
    orphans: tuple[StoredContent, ...]
    missing: tuple[str, ...]


def look(
    core: Core, store: MediaStore, *, before: datetime, conversation_id: int | None = None
) -> Findings:
    """Find what was received before this moment, in one conversation or in all."""
    # The folder first: what is put there from now on is too new to be taken for an orphan.
    kept = list(store.contents())
    with core.unit_of_work() as uow:
        attachments = queries.stored_before(uow.session, before, conversation_id=conversation_id)
        known = set(queries.known_hashes(uow.session))
        uploads = () if conversation_id else queries.uploads_before(uow.session, before)
        held = [*(each.file for each in attachments), *(each.file for each in uploads)]
        files = {file.sha256: file.size_bytes for file in held if file}
        newest = uow.now - LEFT_ALONE
    here = {content.sha256 for content in kept}
    return Findings(
        tuple(attachment.message_id for attachment in attachments),
        tuple(upload.id for upload in uploads),
        sum(files.values()),
        tuple(each for each in kept if each.sha256 not in known and each.stored_at < newest),
        tuple(sorted(known - here)),
    )


def clean(core: Core, store: MediaStore, findings: Findings) -> int:
    """Erase what was found and sweep the bytes that no row names any more; return how many."""
    ids = findings.message_ids
    for start in range(0, len(ids), ERASED_AT_ONCE):
        with core.unit_of_work() as uow:
            services.erase(uow, ids[start : start + ERASED_AT_ONCE])
    with core.unit_of_work() as uow:
        services.erase_uploads(uow, findings.upload_ids)
    with core.unit_of_work() as uow:
        known = set(queries.known_hashes(uow.session))
        newest = uow.now - LEFT_ALONE
    swept = 0
    for content in store.contents():
        if content.sha256 not in known and content.stored_at < newest:
            store.delete(content.sha256)
            swept += 1
    return swept


def main(arguments: Sequence[str]) -> int:
    given = _parser().parse_args(arguments)
    settings = Settings()
    core = core_of(settings)
    store = MediaFolder(settings.media_place)
    before = core.clock() - timedelta(days=given.days)
    found = look(core, store, before=before, conversation_id=given.conversation)
    print(f"附件目录：{settings.media_place}")
    print(
        f"超过 {given.days} 天的附件：{len(found.message_ids)} 个，"
        f"表单中的照片：{len(found.upload_ids)} 张，共 {_size(found.attached_bytes)}"
    )
    orphan_bytes = sum(each.size_bytes for each in found.orphans)
    print(f"没有记录的文件：{len(found.orphans)} 个，{_size(orphan_bytes)}")
    for sha256 in found.missing:
        print(f"  有记录而文件不在：{sha256}")
    if not given.apply:
        print("以上只是查看，没有改动。加上 --apply 才会删除。")
        return 0
    swept = clean(core, store, found)
    erased = len(found.message_ids) + len(found.upload_ids)
    print(f"已删除 {erased} 个附件的记录、{swept} 个文件。")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m launch.media", description=__doc__)
    parser.add_argument("--days", type=_days, required=True, help="收到超过多少天的删除")
    parser.add_argument("--conversation", type=int, help="只删除这个会话（编号）的附件")
    parser.add_argument("--apply", action="store_true", help="真正删除；不加则只查看")
    return parser


def _days(text: str) -> int:
    days = int(text)
    if days < 0:
        raise ValueError(text)
    return days


def _size(size_bytes: int) -> str:
    return f"{size_bytes / MEGABYTE:.1f} MB"


def core_of(settings: Settings) -> Core:
    office = build_office(
        settings.office_name,
        settings.office_hours,
        load_notices(),
        public_url=settings.public_url,
    )
    return build_core(
        settings.database_url,
        publish=_nobody_listens,
        office=office,
        data_key=settings.data_key.get_secret_value(),
    )


def _nobody_listens(event: Event) -> None:
    """Open pages are told when they are loaded anew; the command needs no Redis."""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
