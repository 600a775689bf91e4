"""Who is at this browser: a citizen known from a platform, or somebody who began to talk here.

The session names whom a platform or a link from the chat has let in, for a few hours. The
talk has a cookie of its own, which outlives it: an answer may come on the next working day.
Both hold the identity's page version, which signing out raises in the database.
"""

import secrets
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, current_app, g, request, session
from flask_wtf.csrf import generate_csrf
from itsdangerous import BadSignature, URLSafeTimedSerializer

from console.context import now, settings
from core.citizens import queries
from core.conversations.services import identify
from core.messaging import SITE, ChannelAddress, ChannelName
from core.unit_of_work import UnitOfWork

SIGNED_IN_FOR = timedelta(hours=2)
TALK_KEPT = timedelta(days=7)
TALK_COOKIE = "talk"
_CITIZEN = "citizen"
_BROWSER = "browser"


def register(bp: Blueprint) -> None:
    bp.after_request(_keep_talk)


def begin(identity: Any) -> None:
    """Sign the citizen in; nothing of whoever sat here before survives."""
    end()
    session[_CITIZEN] = {
        "identity_id": identity.id,
        "version": identity.page_version,
        "until": int((now() + SIGNED_IN_FOR).timestamp()),
    }


def end() -> None:
    """Forget who was here; what was opened with a query code, and the form token, go as well."""
    for name in (_CITIZEN, "opened_cases", "csrf_token"):
        session.pop(name, None)
    g.pop("csrf_token", None)
    generate_csrf()


def browser() -> str:
    """Return what this browser is recognised by until it is closed."""
    mark: str = session.setdefault(_BROWSER, secrets.token_hex(16))
    return mark


def find_signed_in(uow: UnitOfWork) -> Any:
    """Return the identity that a platform or a link has let in, if it is still signed in."""
    known = session.get(_CITIZEN)
    if not known or known["until"] <= int(now().timestamp()):
        return None
    identity = queries.find_identity(uow.session, known["identity_id"])
    return identity if identity and identity.page_version == known["version"] else None


def has_been_signed_in() -> bool:
    return _CITIZEN in session


def find_talker(uow: UnitOfWork) -> Any:
    """Return the anonymous identity that this browser has talked under, if it has."""
    try:
        identity_id, version = _serializer().loads(
            request.cookies.get(TALK_COOKIE, ""), max_age=int(TALK_KEPT.total_seconds())
        )
    except (BadSignature, ValueError, TypeError):
        return None
    identity = queries.find_identity(uow.session, identity_id)
    return identity if identity and identity.page_version == version else None


def find(uow: UnitOfWork) -> Any:
    """Return whose cases are shown here: who has signed in, else who has talked here."""
    return find_signed_in(uow) or find_talker(uow)


def begin_talk(uow: UnitOfWork) -> Any:
    """Return the identity this browser talks under, a new one for a new visitor."""
    identity = find_talker(uow) or identify(
        uow, ChannelAddress(ChannelName.WEB, SITE, secrets.token_hex(16))
    )
    g.talker = _serializer().dumps([identity.id, identity.page_version])
    return identity


def end_talk() -> None:
    g.talker = ""


def _keep_talk(answer: Response) -> Response:
    talker = g.get("talker")
    if talker is None:
        return answer
    answer.set_cookie(
        TALK_COOKIE,
        talker,
        max_age=TALK_KEPT if talker else 0,
        path="/c",
        secure=settings().secure_cookies,
        httponly=True,
        samesite="Lax",
    )
    return answer


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="talk")
