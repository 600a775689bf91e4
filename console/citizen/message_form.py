"""留言: a matter in writing for those who want no chat; it opens a case at once."""

import re
import secrets
from http import HTTPStatus
from typing import Any

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, StringField
from wtforms.validators import Optional

from console import wording
from console.cases.forms import StepForm, at_most, chosen, required, text
from console.citizen import limits, photos, sessions, visitors, words
from console.citizen.views import bp
from console.context import settings, unit_of_work
from console.guard import open_to_all
from console.large_forms import takes_files
from core.cases import queries, services
from core.cases.services import Contact, submitting
from core.cases.states import NEEDS_CONTACT, CaseKind, CaseSource
from core.citizens import queries as citizens
from core.errors import DomainError
from core.events import citizen_actor

FORM_KEY = re.compile(r"[0-9a-f]{32}")


class MessageForm(StepForm):
    form_key = StringField()
    kind = RadioField(
        "类型",
        choices={kind.value: wording.label(kind) for kind in CaseKind},
        coerce=lambda value: CaseKind(value) if value else None,
        validators=[chosen("类型")],
    )
    title = text("标题（可以不填）", Optional(), at_most(submitting.TITLE_CHARACTERS), area=False)
    content = text("内容", required("内容"), at_most(submitting.MAX_CONTENT_CHARACTERS))
    place = text("地点（可以不填）", Optional(), at_most(200), area=False)
    name = text("称呼", Optional(), at_most(40), area=False)
    phone = text("电话", Optional(), at_most(30), area=False)


@bp.get("/message")
@open_to_all
def message() -> ResponseReturnValue:
    """Show the form; who comes from an account's menu is known to it by the platform."""
    account = request.args.get("account", "")
    if account in settings().web_login_accounts:
        with unit_of_work() as uow:
            is_known = visitors.find_signed_in(uow) is not None
        if not is_known:
            return redirect(url_for(".enter_by_wechat", account=account, next=url_for(".message")))
    return _page(MessageForm(form_key=secrets.token_hex(16)))


@bp.post("/message")
@takes_files(photos.FORM_BYTES)
@open_to_all
def leave_message() -> ResponseReturnValue:
    form = MessageForm(request.form)
    if not FORM_KEY.fullmatch(form.form_key.data or ""):
        form.form_key.data = secrets.token_hex(16)
    brought = photos.read()
    if not form.validate() or brought.refusals:
        return _page(form, brought), HTTPStatus.UNPROCESSABLE_ENTITY
    if not limits.allows("forms-of-address", request.remote_addr or "unknown"):
        form.refusal = words.refusal("too_often_left")
        return _page(form, brought), HTTPStatus.TOO_MANY_REQUESTS
    try:
        with unit_of_work() as uow:
            identity = visitors.find(uow) or visitors.begin_talk(uow)
            if not limits.allows("forms-of-citizen", identity.id):
                form.refusal = words.refusal("too_often_left")
                return _page(form, brought), HTTPStatus.TOO_MANY_REQUESTS
            conversation = citizens.conversation_of(uow.session, identity.id)
            case = services.submit_case(
                uow,
                kind=form.kind.data,
                title=form.title.data,
                content=form.content.data,
                source=CaseSource.WEB,
                place=form.place.data,
                contact=Contact(form.name.data, form.phone.data),
                conversation_id=conversation.id if conversation else None,
                citizen_id=identity.citizen_id,
                source_key=f"site:{form.form_key.data}",
                photos=brought.kept,
                actor=citizen_actor(identity.citizen_id),
            )
            is_own = case.citizen_id == identity.citizen_id
            services.acknowledge_case(uow, case.number)
    except DomainError as error:
        form.refusal = words.refusal(error.code)
        return _page(form, brought), HTTPStatus.UNPROCESSABLE_ENTITY
    if not is_own:
        # Somebody else's form key: nothing of that case is shown here.
        form.form_key.data = secrets.token_hex(16)
        form.refusal = words.refusal("other")
        return _page(form, brought), HTTPStatus.CONFLICT
    sessions.remember(case.number)
    session["left_message"] = case.number
    return redirect(url_for(".message_left", number=case.number), HTTPStatus.SEE_OTHER)


@bp.get("/message/<number>")
@open_to_all
def message_left(number: str) -> ResponseReturnValue:
    """Show number and query code to the browser that has just left the message, and to no other."""
    if session.get("left_message") != number or not sessions.may_see(number):
        return redirect(url_for(".enter", number=number, again=1))
    with unit_of_work() as uow:
        return render_template("citizen/message_left.html", case=queries.get(uow.session, number))


def _page(form: Any, brought: photos.Photos = photos.NONE) -> str:
    with unit_of_work() as uow:
        identity = visitors.find_signed_in(uow)
    return render_template(
        "citizen/message.html",
        form=form,
        photos=brought,
        most_photos=submitting.MAX_PHOTOS_AT_ONCE,
        needs_contact=[wording.label(kind) for kind in CaseKind if kind in NEEDS_CONTACT],
        is_signed_in=identity is not None,
    )
