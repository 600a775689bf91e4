"""The organisation, to look up; it is changed elsewhere."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from console.context import unit_of_work
from console.guard import needs
from core.departments import queries as departments
from core.operators import queries as operators
from core.operators.permissions import Permission

bp = Blueprint("organisation", __name__, url_prefix="/organisation", template_folder="templates")


@bp.get("/")
@needs(Permission.VIEW_ORGANISATION)
def show() -> ResponseReturnValue:
    with unit_of_work() as uow:
        people = operators.everybody(uow.session)
        return render_template(
            "organisation/show.html",
            branches=departments.tree(uow.session),
            people_of={
                department_id: [each for each in people if each.department_id == department_id]
                for department_id in {each.department_id for each in people}
            },
            people_count=len(people),
        )
