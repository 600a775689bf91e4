"""/cgi-bin/message/custom/send and /cgi-bin/message/custom/typing."""

from datetime import timedelta
from typing import Any

from bot.simulator.api.gate import OK, Answer, ApiCall
from bot.simulator.citizens import Citizen
from bot.simulator.errors import ApiError
from config.accounts import Right

TYPING_NEEDS_CONTACT_WITHIN = timedelta(seconds=30)
TYPING_LASTS = timedelta(seconds=15)
SEND_PATH = "/cgi-bin/message/custom/send"

Shown = tuple[str, dict[str, Any]]


async def send(call: ApiCall) -> Answer:
    wechat, account, said = call.wechat, call.token_account, call.json()
    wechat.calls.count(account.key, SEND_PATH, wechat.now(), limit=wechat.options.sends_a_day)
    if not account.may(Right.CUSTOMER_SERVICE):
        raise ApiError(48001)
    citizen = _addressee(call, said)
    kind = str(said.get("msgtype", ""))
    reader = READERS.get(kind)
    if reader is None:
        raise ApiError(40008)
    holder = said.get(kind)
    if not isinstance(holder, dict):
        raise ApiError(44004)
    text, details = reader(call, holder)
    wechat.windows.spend(citizen.openid, wechat.now())
    wechat.tally["api_sends"] += 1
    await wechat.show_message(citizen.openid, kind, text, details)
    return OK


async def typing(call: ApiCall) -> Answer:
    wechat, said = call.wechat, call.json()
    if not call.token_account.may(Right.CUSTOMER_SERVICE):
        raise ApiError(48001)
    citizen, now = _addressee(call, said), wechat.now()
    command = said.get("command")
    if command not in {"Typing", "CancelTyping"}:
        raise ApiError(45072)
    if citizen.last_seen_at is None or now - citizen.last_seen_at > TYPING_NEEDS_CONTACT_WITHIN:
        raise ApiError(45080)
    is_typing = citizen.sees_typing_until is not None and citizen.sees_typing_until > now
    if command == "Typing" and is_typing:
        raise ApiError(45081)
    citizen.sees_typing_until = now + TYPING_LASTS if command == "Typing" else None
    wechat.tally["typing"] += 1
    wechat.set_typing(citizen.openid, is_typing=command == "Typing")
    return OK


def _addressee(call: ApiCall, said: dict[str, Any]) -> Citizen:
    call.openid = str(said.get("touser", ""))
    citizen = call.wechat.citizens.find(call.openid)
    if citizen is None or citizen.account_key != call.token_account.key:
        raise ApiError(40003)
    if not citizen.is_following:
        raise ApiError(43004)
    return citizen


def _text(call: ApiCall, said: dict[str, Any]) -> Shown:
    content = said.get("content")
    if not isinstance(content, str) or not content:
        raise ApiError(44004)
    if len(content.encode("utf-8", "replace")) > call.wechat.options.max_text_bytes:
        raise ApiError(45002)
    return content, {}


def _media(call: ApiCall, said: dict[str, Any]) -> Shown:
    media_id = said.get("media_id")
    if not media_id:
        raise ApiError(41006)
    media = call.wechat.media.get(str(media_id), call.wechat.now())
    shown = {"image": "[图片]", "voice": "[语音]"}.get(media.kind, "[视频]")
    return shown, {"media_id": media.media_id}


def _news(call: ApiCall, said: dict[str, Any]) -> Shown:
    articles = said.get("articles")
    if not isinstance(articles, list) or not articles or not isinstance(articles[0], dict):
        raise ApiError(44003)
    if len(articles) > 1:
        raise ApiError(45008)
    article = {
        name: str(articles[0].get(name, "")) for name in ("title", "description", "picurl", "url")
    }
    return article["title"], {"articles": [article]}


def _msgmenu(call: ApiCall, said: dict[str, Any]) -> Shown:
    if call.token_account.is_test_account:
        raise ApiError(40200)
    entries = said.get("list")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ApiError(47001)
    listed = [{"id": str(e.get("id", "")), "content": str(e.get("content", ""))} for e in entries]
    if not listed or not all(entry["id"] and entry["content"] for entry in listed):
        raise ApiError(44004)
    head, tail = str(said.get("head_content", "")), str(said.get("tail_content", ""))
    return head, {"list": listed, "tail": tail}


def _card(call: ApiCall, said: dict[str, Any]) -> Shown:
    return str(said.get("title", "[卡片]")), {}


READERS = {
    "text": _text,
    "image": _media,
    "voice": _media,
    "video": _media,
    "music": _card,
    "news": _news,
    "mpnews": _card,
    "mpnewsarticle": _card,
    "msgmenu": _msgmenu,
    "wxcard": _card,
    "miniprogrampage": _card,
}
