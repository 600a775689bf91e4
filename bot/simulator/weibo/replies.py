"""Judging what the account's server answered to a push of Weibo."""

import json
from typing import Any
from urllib.parse import unquote

from bot.simulator.bodies import Fields, read_xml
from bot.simulator.verdicts import Malformed, Outcome, PassiveReply, Verdict, malfunction
from bot.simulator.weibo.accounts import SimulatedAccount
from config.accounts import PushFormat

FEWER_CHARACTERS_THAN = 300
MAX_ARTICLES = 8


def judge(account: SimulatedAccount, uid: str, *, status: int, body: bytes) -> Verdict:
    if status != 200:
        return malfunction(f"status_{status}")
    if not body:
        return Verdict(Outcome.SILENT)
    try:
        if account.push_format is PushFormat.XML:
            reply = _from_xml(account, uid, read_xml(body))
        else:
            reply = _from_json(account, uid, _object_in(body, "not_json"))
    except Malformed as error:
        return malfunction(str(error))
    return Verdict(Outcome.REPLY, reply)


def read_content(kind: str, said: Fields) -> PassiveReply:
    """Read what a reply of either way holds, or raise Malformed."""
    if kind == "text":
        return PassiveReply("text", _text(said))
    if kind == "articles":
        return _articles(said)
    if kind == "position":
        return _position(said)
    raise Malformed("unknown_type")


def _from_json(account: SimulatedAccount, uid: str, said: Fields) -> PassiveReply:
    if said.get("result") is not True:
        raise Malformed("no_result")
    if str(said.get("sender_id")) != account.uid or str(said.get("receiver_id")) != uid:
        raise Malformed("not_swapped")
    data = said.get("data")
    if not isinstance(data, str):
        raise Malformed("data_not_encoded")
    return read_content(str(said.get("type")), _object_in(unquote(data).encode(), "data_not_json"))


def _from_xml(account: SimulatedAccount, uid: str, fields: Fields) -> PassiveReply:
    if fields.get("ToUserName") != uid or fields.get("FromUserName") != account.uid:
        raise Malformed("not_swapped")
    if not str(fields.get("CreateTime", "")).isdigit():
        raise Malformed("no_create_time")
    if fields.get("MsgType") != "text":
        raise Malformed("unknown_type")
    return PassiveReply("text", _text({"text": fields.get("Content")}))


def _object_in(body: bytes, otherwise: str) -> Fields:
    try:
        said: Any = json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed(otherwise) from None
    if not isinstance(said, dict):
        raise Malformed(otherwise)
    return said


def _text(said: Fields) -> str:
    content = said.get("text")
    if not isinstance(content, str) or not content:
        raise Malformed("empty_content")
    if len(content) >= FEWER_CHARACTERS_THAN:
        raise Malformed("text_too_long")
    return content


def _articles(said: Fields) -> PassiveReply:
    listed = said.get("articles")
    if not isinstance(listed, list) or not 1 <= len(listed) <= MAX_ARTICLES:
        raise Malformed("wrong_article_count")
    names = ("display_name", "summary", "image", "url")
    if not all(isinstance(each, dict) and all(each.get(n) for n in names) for each in listed):
        raise Malformed("incomplete_article")
    articles = [
        {
            "title": str(each["display_name"]),
            "description": str(each["summary"]),
            "picurl": str(each["image"]),
            "url": str(each["url"]),
        }
        for each in listed
    ]
    return PassiveReply("news", articles[0]["title"], {"articles": articles})


def _position(said: Fields) -> PassiveReply:
    try:
        place = {name: float(said[name]) for name in ("latitude", "longitude")}
    except (KeyError, TypeError, ValueError):
        raise Malformed("no_place") from None
    return PassiveReply("location", "[位置]", {**place, "label": "位置"})
