"""The elder-friendly version (关怀版): larger words and targets, kept from page to page."""

from flask import Blueprint, Response, request

from console.context import settings

COOKIE = "elder"
KEPT_SECONDS = 365 * 24 * 3600


def register(bp: Blueprint) -> None:
    bp.after_request(_keep)
    bp.context_processor(lambda: {"is_elder": is_wanted()})


def is_wanted() -> bool:
    return (request.args.get(COOKIE) or request.cookies.get(COOKIE)) == "1"


def _keep(answer: Response) -> Response:
    if COOKIE in request.args:
        answer.set_cookie(
            COOKIE,
            "1" if is_wanted() else "0",
            max_age=KEPT_SECONDS,
            path="/c",
            secure=settings().secure_cookies,
            httponly=True,
            samesite="Lax",
        )
    return answer
