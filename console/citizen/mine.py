"""What the office has of the citizen who is at this browser: cases and conversations."""

import secrets
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from console import media
from console.cases.clocks import Clock, answer_clock
from console.citizen import photos, threads, visitors, words
from console.citizen.views import bp, show_case
from console.context import settings, unit_of_work
from console.entered import cleaned
from console.guard import open_to_all
from console.large_forms import takes_files
from core.cases import queries as cases
from core.cases import services as case_services
from core.cases.errors import CaseNotFound
from core.citizens import queries as citizens
from core.citizens import services
from core.conversations import queries as conversations
from core.errors import DomainError
from core.messaging import ChannelName
from core.unit_of_work import UnitOfWork

SHOWN_CASES = 100


@dataclass(frozen=True)
class Row:
    case: Any
    state: Any
    clock: Clock


@bp.get("/mine")
@open_to_all
def mine() -> ResponseReturnValue:
    with unit_of_work() as uow:
        identity = visitors.find(uow)
        if identity is None:
            return _ask_who(request.args.get("account", ""))
        found = cases.of_citizen(uow.session, identity.citizen_id, limit=SHOWN_CASES)
        return render_template(
            "citizen/mine.html",
            rows=[
                Row(
                    case,
                    words.state(case.state),
                    answer_clock(case, uow.today, uow.office.calendar),
                )
                for case in found
            ],
            talks=[
                (talk, account_name(talk.identity))
                for talk in citizens.conversations_of(uow.session, identity.citizen_id)
            ],
            identity=identity,
            account_name=account_name(identity),
            is_talker=visitors.find_signed_in(uow) is None,
            linked=len(citizens.identities_of(uow.session, identity.citizen_id)),
        )


@bp.get("/mine/talks/<int:conversation_id>")
@open_to_all
def talk(conversation_id: int) -> ResponseReturnValue:
    """Show what was said on one of the citizen's own channels."""
    with unit_of_work() as uow:
        identity = visitors.find(uow)
        if identity is None:
            return _ask_who("")
        own = citizens.conversations_of(uow.session, identity.citizen_id)
        found = next((each for each in own if each.id == conversation_id), None)
        if found is None:
            raise CaseNotFound
        conversation = conversations.get(uow.session, conversation_id)
        return render_template(
            "citizen/talk.html",
            talk=threads.talk(uow, conversation),
            account_name=account_name(conversation.identity),
            conversation=conversation,
        )


@bp.post("/case/<number>/urge")
@open_to_all
def urge(number: str) -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            case_services.urge_own_case(uow, number, citizen_id=_owner(uow))
    except CaseNotFound:
        return redirect(url_for(".enter", number=number, again=1), HTTPStatus.SEE_OTHER)
    except DomainError as error:
        return show_case(number, refusal=error.code, at="urge")
    flash(words.refusal("urged"), "citizen")
    return redirect(url_for(".case", number=number), HTTPStatus.SEE_OTHER)


@bp.post("/case/<number>/addition")
@takes_files(photos.FORM_BYTES)
@open_to_all
def add(number: str) -> ResponseReturnValue:
    text = cleaned(request.form.get("text"))
    with unit_of_work() as uow:
        is_known = visitors.find(uow) is not None
    brought = photos.read() if is_known else photos.NONE
    if brought.refusals:
        return show_case(number, at="addition", addition=text, brought=brought)
    try:
        with unit_of_work() as uow:
            case_services.add_information(
                uow,
                number,
                citizen_id=_owner(uow),
                text=text,
                photos=brought.kept,
                form_key=f"page:{request.form.get('key', '')[:40] or secrets.token_hex(16)}",
            )
    except CaseNotFound:
        return redirect(url_for(".enter", number=number, again=1), HTTPStatus.SEE_OTHER)
    except DomainError as error:
        return show_case(number, refusal=error.code, at="addition", addition=text, brought=brought)
    flash(words.refusal("added"), "citizen")
    return redirect(url_for(".case", number=number), HTTPStatus.SEE_OTHER)


@bp.get("/case/<number>/photos/<int:upload_id>")
@open_to_all
def photo_file(number: str, upload_id: int) -> ResponseReturnValue:
    """Show a picture to the citizen who sent it, and to nobody who only knows the code."""
    with unit_of_work() as uow:
        cases.get_of_citizen(uow.session, number, _owner(uow))
        return media.send_upload(cases.get_photo(uow.session, number, upload_id).upload)


@bp.post("/mine/leave")
@open_to_all
def leave_mine() -> ResponseReturnValue:
    """Sign out, in every browser; on a shared machine nothing is left behind."""
    with unit_of_work() as uow:
        identity = visitors.find(uow)
        if identity is not None:
            services.leave_pages(uow, identity.id)
    if identity is not None and identity.channel is ChannelName.WEB:
        visitors.end_talk()
    visitors.end()
    flash(words.refusal("left"), "citizen")
    return redirect(url_for(".home"), HTTPStatus.SEE_OTHER)


def account_name(identity: Any) -> str:
    """Name the channel as its citizens know it."""
    if identity.channel is ChannelName.WEB:
        return "本网站"
    if identity.channel is ChannelName.WEIBO:
        weibo = settings().weibo.get(identity.account)
        return f"微博“{weibo.name}”" if weibo else "微博"
    wechat = settings().wechat.get(identity.account)
    return f"微信“{wechat.name}”" if wechat else "微信"


def _owner(uow: UnitOfWork) -> int:
    """Return the citizen at this browser; a stranger is told what is told of no case."""
    identity = visitors.find(uow)
    if identity is None:
        raise CaseNotFound
    citizen_id: int = identity.citizen_id
    return citizen_id


def _ask_who(account: str) -> ResponseReturnValue:
    known = settings().web_login_accounts
    if account in known:
        return redirect(url_for(".enter_by_wechat", account=account, next=url_for(".mine")))
    return render_template(
        "citizen/who.html",
        web_logins=[(name, settings().wechat[name].name) for name in sorted(known)],
        by_link=[
            *(one.name for name, one in settings().wechat.items() if name not in known),
            *(one.name for one in settings().weibo.values()),
        ],
        wanted=url_for(".mine"),
        has_ended=visitors.has_been_signed_in(),
    )
