"""The platform's refusals: HTTP 200 with an errcode, a sentence, and a request id."""

import secrets
from typing import Any

# Sentences marked "seen" in the protocol notes are word for word; the others follow their style.
SENTENCES = {
    -1: "system error",
    40001: (
        "invalid credential, access_token is invalid or not latest, could get access_token by "
        "getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r"
    ),
    40002: "invalid grant_type",
    40003: "invalid openid",
    40004: "invalid media type",
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid appid",
    40016: "invalid button size",
    40017: "invalid button type",
    40018: "invalid button name size",
    40019: "invalid button key size",
    40020: "invalid button url size",
    40023: "invalid sub button size",
    40032: "invalid openid list size",
    40029: "invalid code",
    40033: "invalid charset. please check your request, if include \\uxxxx will create fail!",
    40054: "invalid url domain",
    40066: "invalid url",
    40125: "invalid appsecret",
    40137: "invalid image format",
    40163: "code been used",
    40164: "invalid ip {address} ipv6 ::ffff:{address}, not in whitelist",
    40200: "invalid account type",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    41005: "media data missing",
    41006: "media_id missing",
    41008: "missing code",
    42001: "access_token expired",
    43001: "require GET method",
    43002: "require POST method",
    40037: "invalid template_id",
    43004: "require subscribe",
    43101: "user refuse to accept the msg",
    47003: "argument invalid! data.{field}.value invalid",
    44002: "empty post data",
    44003: "empty news data",
    44004: "empty content",
    45001: "media size out of limit",
    45002: "content size out of limit",
    45008: "article size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit must slower retry next minute",
    45015: "response out of time limit or subscription is canceled",
    45056: "too many tag now, no need to add new",
    45059: "can not tag the openid with more than 20 tags",
    45047: "out of response count limit",
    45072: "command is invalid",
    45080: "no interaction with this openid within 30 seconds",
    45081: "already in typing status",
    45157: "invalid tag name: it exists already",
    45158: "invalid tag name: too long",
    45159: "invalid tag id",
    46003: "menu no exist",
    47001: "data format error",
    48001: "api unauthorized",
    48006: "forbid to clear quota because of reaching the limit",
    49003: "not match openid with appid",
    65301: "menuid no exist",
    65302: "no matching openid",
    65303: "no default menu, can not create conditional menu",
    65304: "matchrule is empty",
    65316: "too many outside domains in the menu",
}


class ApiError(Exception):
    """A call the platform refuses."""

    def __init__(self, errcode: int, **facts: str) -> None:
        super().__init__(f"errcode {errcode}")
        self.errcode = errcode
        self.facts = facts

    def as_json(self) -> dict[str, Any]:
        sentence = SENTENCES[self.errcode].format(**self.facts)
        return {"errcode": self.errcode, "errmsg": f"{sentence} rid: {_request_id()}"}


def _request_id() -> str:
    return "-".join(secrets.token_hex(4) for _ in range(3))
