"""The organisation as staff look it up."""

from core.bootstrap import Core
from core.operators.models import Operator
from core.operators.permissions import Role
from tests.builders import a_department, an_operator
from tests.console.browsing import Visitor, words_of


def test_departments_stand_below_their_parents_with_their_people(seat: Visitor, core: Core):
    with core.unit_of_work() as uow:
        office = a_department(uow, code="gov", name="县政府")
        bureau = a_department(uow, code="police", name="公安局", parent_code="gov")
        an_operator(uow, Role.UNIT_HEAD, display_name="赵刚", department=bureau)
        an_operator(uow, Role.LEADER, display_name="周文", department=office)

    page = seat.get("/organisation/")
    read = words_of(page)

    assert read.index("县政府") < read.index("公安局")
    assert "赵刚 承办单位负责人" in read
    assert 'class="tree-row is-depth-1" role="treeitem" aria-level="2"' in page.text


def test_a_unit_without_a_contact_is_marked(seat: Visitor, core: Core):
    with core.unit_of_work() as uow:
        a_department(uow, name="城市管理局", contact_name=None)

    assert "城市管理局 未登记联系人" in words_of(seat.get("/organisation/"))


def test_who_is_on_duty_is_seen(seat: Visitor, operator: Operator):
    assert "person-dot is-on-duty" not in seat.get("/organisation/").text

    seat.post("/duty", {"is_on_duty": "yes"})

    assert "person-dot is-on-duty" in seat.get("/organisation/").text
