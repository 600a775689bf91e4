"""`python -m launch.erasures`: show what citizens want erased; carry out what was checked.

Shows what it would do; `--apply` does it. Only requests that the security admin has checked
in the console are carried out. Cases stay, as the law asks.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from config.settings import Settings
from core.adapters.media_folder import MediaFolder
from core.bootstrap import Core
from core.conversations.states import ErasureState
from core.erasures import queries, services
from core.erasures.queries import Extent
from core.media.storing import MediaStore
from launch.media import core_of


@dataclass(frozen=True)
class Due:
    """A checked request, and what it would take away."""

    request_id: int
    alias: str
    extent: Extent


def look(core: Core) -> list[Due]:
    """Find what was checked and waits to be carried out."""
    with core.unit_of_work() as uow:
        return [
            Due(each.id, each.identity.alias, queries.extent(uow.session, each))
            for each in queries.requests(uow.session, ErasureState.CLEARED)
        ]


def carry_out(core: Core, store: MediaStore, due: Sequence[Due]) -> int:
    """Erase what was found, one transaction each, and then the bytes; return how many files."""
    files = 0
    for each in due:
        with core.unit_of_work() as uow:
            gone = services.carry_out_erasure(uow, each.request_id, operator_id=None)
        with core.unit_of_work() as uow:
            freed = queries.without_owner(uow.session, gone.hashes)
        for sha256 in freed:
            store.delete(sha256)
        files += len(freed)
    return files


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m launch.erasures", description=__doc__)
    parser.add_argument("--apply", action="store_true", help="真正删除；不加则只查看")
    given = parser.parse_args(arguments)
    settings = Settings()
    core = core_of(settings)
    with core.unit_of_work() as uow:
        unchecked = queries.count(uow.session, ErasureState.REQUESTED)
    due = look(core)
    print(f"待安全管理员核对：{unchecked} 件（在工作台“删除申请”中办理）")
    print(f"已核对、待执行：{len(due)} 件")
    for each in due:
        extent = each.extent
        print(
            f"  {each.alias}：消息 {len(extent.message_ids)} 条，"
            f"附件 {len(extent.attachment_ids)} 个，"
            f"平台上报 {extent.reports} 条；保留工单 {len(extent.kept_cases)} 件"
        )
    if not given.apply:
        print("以上只是查看，没有改动。加上 --apply 才会删除。")
        return 0
    files = carry_out(core, MediaFolder(settings.media_place), due)
    print(f"已执行 {len(due)} 件，删除 {files} 个文件。")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
