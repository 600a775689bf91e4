from pathlib import Path

import pytest

from core.bootstrap import Core
from core.departments import queries as departments
from core.departments.errors import DepartmentNotFound
from core.knowledge import queries as knowledge
from core.operators import queries as operators
from launch.founding import found

ORGANISATION = """
- code: town
  name: 示例镇人民政府
  contact: 张三
  phone: 0000-1234567
  units:
    - {code: civil_affairs, name: 民政办, contact: 李四, phone: 0000-1234568}
"""
PEOPLE = """
- {login: lisi, name: 李四, department: civil_affairs, roles: [operator]}
- {login: wangwu, name: 王五, department: town, roles: [dispatcher]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "organisation.yml").write_text(ORGANISATION, encoding="utf-8")
    (tmp_path / "people.yml").write_text(PEOPLE, encoding="utf-8")
    (tmp_path / "faq").mkdir()
    return tmp_path


def test_an_office_gets_its_units_and_people_each_with_a_password_of_their_own(
    core: Core, folder: Path
):
    passwords = found(core, folder, faq_folder=folder / "faq")

    with core.session_factory() as session:
        assert {unit.code for unit in departments.all_departments(session)} == {
            "town",
            "civil_affairs",
        }
        assert {one.login for one in operators.everybody(session)} == {"lisi", "wangwu"}
    assert len(set(passwords.values())) == len(passwords) == 2


def test_knowledge_of_a_unit_that_the_office_lacks_stops_everything(core: Core, folder: Path):
    with pytest.raises(DepartmentNotFound):
        found(core, folder)

    with core.session_factory() as session:
        assert not departments.all_departments(session)
        assert not knowledge.topics(session)


def test_the_example_office_knows_every_unit_the_knowledge_names(core: Core):
    found(core, Path("config/seeds"))

    with core.session_factory() as session:
        assert knowledge.topics(session)
