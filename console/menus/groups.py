"""Groups of citizens, kept by staff; and a citizen's group, chosen for them at the desk."""

from collections.abc import Callable

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from console.context import operator, unit_of_work
from console.entered import cleaned
from console.errors import words_for
from console.guard import needs
from console.menus.views import VIEWING, bp
from console.notices import tell
from core.errors import DomainError
from core.events import operator_actor
from core.menus import queries, services
from core.operators.permissions import Permission
from core.unit_of_work import UnitOfWork


@bp.get("/groups")
@needs(*VIEWING)
def groups() -> ResponseReturnValue:
    with unit_of_work() as uow:
        return render_template(
            "menus/groups.html",
            groups=queries.groups(uow.session, with_retired=True),
            sizes=queries.group_sizes(uow.session),
        )


@bp.post("/groups")
@needs(Permission.EDIT_MENU)
def add_group() -> ResponseReturnValue:
    name = cleaned(request.form.get("name"))[:100]
    return _do(lambda uow: services.add_group(uow, name=name, actor=_me()), "群体已添加。")


@bp.post("/groups/<code>")
@needs(Permission.EDIT_MENU)
def rename_group(code: str) -> ResponseReturnValue:
    name = cleaned(request.form.get("name"))[:100]
    return _do(lambda uow: services.rename_group(uow, code, name=name, actor=_me()), "名称已修改。")


@bp.post("/groups/<code>/active")
@needs(Permission.EDIT_MENU)
def set_active(code: str) -> ResponseReturnValue:
    is_active = request.form.get("is_active") == "yes"
    return _do(
        lambda uow: services.set_group_active(uow, code, is_active=is_active, actor=_me()),
        "群体已启用。" if is_active else "群体已停用。",
    )


@bp.post("/citizens/<int:conversation_id>")
@needs(Permission.CONVERSE)
def choose(conversation_id: int) -> ResponseReturnValue:
    """Put the citizen into a group, for those who cannot do it themselves."""
    code = cleaned(request.form.get("group"))[:40]
    with unit_of_work() as uow:
        services.choose_group(uow, conversation_id, code, actor=_me())
    return render_group(conversation_id)


@bp.get("/citizens/<int:conversation_id>")
@needs(Permission.VIEW_CONVERSATIONS)
def citizen_group(conversation_id: int) -> ResponseReturnValue:
    return render_group(conversation_id)


def render_group(conversation_id: int) -> ResponseReturnValue:
    with unit_of_work() as uow:
        return render_template(
            "menus/_citizen.html",
            conversation_id=conversation_id,
            groups=queries.groups(uow.session),
            member=queries.find_member_in(uow.session, conversation_id),
        )


def _me() -> str:
    return operator_actor(operator().id)


def _do(do: Callable[[UnitOfWork], object], done: str) -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            do(uow)
    except DomainError as error:
        tell(words_for(error), level="error")
    else:
        tell(done)
    return redirect(url_for(".groups"), 303)
