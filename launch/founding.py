"""`python -m launch.founding FOLDER`: give an empty database its real office, before the first day.

FOLDER holds organisation.yml and people.yml in the form of config/seeds. Every person gets a
password of their own, shown once; the questions of nlu_data/faq become the first knowledge.
"""

import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from config.settings import Settings
from core.bootstrap import Core
from core.errors import DomainError
from launch.seeding import faq, office
from launch.seeding.__main__ import all_or_nothing
from launch.seeding.files import read_yaml
from launch.seeding.filling import is_empty
from launch.seeding.office import Person, Unit
from launch.seeding.story import Cast

PASSWORD_BYTES = 12


def found(core: Core, folder: Path, *, faq_folder: Path = faq.FOLDER) -> Mapping[str, str]:
    """Make units, people and knowledge together; return each login's first password."""
    units: list[Unit] = _read(folder / "organisation.yml", Unit)
    people: list[Person] = _read(folder / "people.yml", Person)
    passwords = {person.login: secrets.token_urlsafe(PASSWORD_BYTES) for person in people}
    cast = Cast()
    with core.unit_of_work() as uow:
        office.add_units(uow, cast, units)
        for person in people:
            office.add_people(uow, cast, [person], password=passwords[person.login])
        office.add_knowledge(uow, faq.drafts(faq_folder))
    return passwords


def _read(file: Path, kind: Any) -> Any:
    return TypeAdapter(list[kind]).validate_python(read_yaml(file))


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("用法：python -m launch.founding 目录", file=sys.stderr)
        return 2
    try:
        with all_or_nothing(Settings()) as core:
            with core.session_factory() as session:
                if not is_empty(session):
                    print("数据库中已有数据，没有做任何改动。", file=sys.stderr)
                    return 1
            passwords = found(core, Path(arguments[0]))
    except (DomainError, ValidationError, OSError) as error:
        print(f"没有写入：{error}", file=sys.stderr)
        return 1
    print("单位、人员和问答已写入。初始密码只显示这一次，请分别告知本人：")
    for login, password in passwords.items():
        print(f"  {login}  {password}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
