"""While typing, editors are warned of near forms and see what citizens will."""

import pytest

from core.knowledge import queries
from core.operators.permissions import Role
from tests.builders import a_change
from tests.console.browsing import words_of
from tests.console.knowledge.drafts import fields

pytestmark = pytest.mark.usefixtures("two_entries")


def test_near_and_clashing_forms_are_told_while_typing(desk, change):
    def told(line: str) -> str:
        return words_of(
            desk.post("/knowledge/near", {"line": line, "slug": "loss", "change_id": change.id})
        )

    assert "与其他条目的问法相同" in told("提公积金！")
    assert "公积金怎么提取？" in told("提公积金")
    assert "与其他条目的问法相近" in told("公鸡金怎么提取")
    assert "没有其他条目的问法与它相近" in told("今天天气")
    assert "本条目已有相近的问法" in told("身份证丢了怎么办")
    assert "输入问法时" in told("")


def test_forms_of_changes_that_are_not_live_yet_are_warned_of_as_well(core, desk, person):
    colleague = person(Role.EDITOR)
    desk.post("/knowledge/near", {"line": "护照", "slug": ""})
    with core.unit_of_work() as uow:
        entry = queries.get(uow.session, "fund")
        a_change(uow, entry, colleague, variants=["怎么取公积金", "住房基金咋拿出来"])

    read = words_of(desk.post("/knowledge/near", {"line": "住房基金咋拿出来", "slug": "loss"}))

    assert "待生效的修改：公积金怎么提取？" in read


def test_clashes_of_the_whole_draft_stand_on_its_page(desk, change):
    desk.post(f"/knowledge/changes/{change.id}/edit", fields(change, variants="提公积金\n丢证"))

    read = words_of(desk.get(f"/knowledge/changes/{change.id}/edit"))

    assert "1 种问法与其他条目相同或相近" in read


def test_without_the_bot_the_rest_goes_on(desk, change):
    answer = desk.post("/knowledge/understood", {"line": "提公积金", "slug": "loss"})

    assert "机器人暂时无法询问" in words_of(answer)


def test_the_preview_shows_what_each_platform_will(desk, change):
    long = "请带齐证件。" * 200

    read = words_of(desk.post("/knowledge/preview", fields(change, answer=long)))

    assert "微信 分 2 条发送，每条最多 2048 字节" in read
    assert "微博 分 5 条发送，每条最多 299 字" in read
    assert "转人工" in read
    assert "填写答案后在这里预览" in words_of(
        desk.post("/knowledge/preview", fields(change, answer=""))
    )
