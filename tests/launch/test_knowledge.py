"""The FAQ goes out to files and back in from the command line."""

import pytest

from core.knowledge import queries
from core.knowledge.states import ChangeState
from core.operators.permissions import Role
from launch.knowledge import NotImported, export, import_files
from tests.builders import an_entry, an_operator


@pytest.fixture
def folder(core, tmp_path):
    """A folder with one exported entry."""
    with core.unit_of_work() as uow:
        an_entry(uow, slug="loss", question="身份证丢了怎么补领？", answer="旧答案")
        an_operator(uow, Role.EDITOR, login="yuwen")
        an_operator(uow, Role.OPERATOR, login="tianhui")
    assert export(core, tmp_path / "faq") == 1
    return tmp_path / "faq"


def edit(folder, before, after):
    [file] = folder.glob("*.yml")
    file.write_text(file.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    return file


def test_what_was_written_out_is_no_change(core, folder):
    [file] = folder.glob("*.yml")

    assert import_files(core, [file], login=None) == ["id_card.yml 无变化 1 条"]


def test_an_import_first_only_tells(core, folder):
    file = edit(folder, "旧答案", "新答案")

    told = import_files(core, [file], login=None)

    assert told[0] == "id_card.yml 第 1 条 修改：身份证丢了怎么补领？（answer）"
    with core.unit_of_work() as uow:
        assert queries.open_changes(uow.session) == []


def test_an_import_in_an_editors_name_waits_for_review(core, folder):
    file = edit(folder, "旧答案", "新答案")

    told = import_files(core, [file], login="yuwen")

    assert told == ["id_card.yml 已提交 1 份修改，等待审核"]
    with core.unit_of_work() as uow:
        [change] = queries.open_changes(uow.session)
    assert (change.state, change.content.answer) == (ChangeState.IN_REVIEW, "新答案")


def test_what_is_malformed_is_told_with_its_place(core, folder, tmp_path):
    bad_entry = edit(folder, "scope: national", "scope: moon")
    bad_file = tmp_path / "bad.yml"
    bad_file.write_text("a: [")

    told = import_files(core, [bad_entry, bad_file], login=None)

    assert told[0].startswith("id_card.yml 第 1 条 不能导入：适用范围“moon”")
    assert told[-1].startswith("bad.yml：不是有效的 YAML")


@pytest.mark.parametrize("login", ["nobody", "tianhui"])
def test_only_an_editor_imports(core, folder, login):
    file = edit(folder, "旧答案", "新答案")

    with pytest.raises(NotImported):
        import_files(core, [file], login=login)
