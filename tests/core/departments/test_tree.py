from core.departments import queries
from tests.builders import a_department


def test_a_department_comes_with_everything_below_it(uow):
    police = a_department(uow)
    brigade = a_department(uow, parent_code=police.code)
    squad = a_department(uow, parent_code=brigade.code)
    a_department(uow)

    assert queries.ids_below(uow.session, police.id) == {police.id, brigade.id, squad.id}
    assert queries.ids_below(uow.session, squad.id) == {squad.id}
