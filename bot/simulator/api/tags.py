"""/cgi-bin/tags/…: the tags of an account, and which followers have them."""

from bot.simulator.accounts import Account
from bot.simulator.api.gate import OK, Answer, ApiCall
from bot.simulator.citizens import Citizen
from bot.simulator.errors import ApiError
from config.accounts import Right

FIRST_TAG_ID = 100  # the platform keeps the numbers below for itself
MAX_TAGS = 100
MAX_NAME_BYTES = 30
MAX_TAGS_OF_ONE = 20
MAX_OPENIDS = 50


async def create(call: ApiCall) -> Answer:
    account, said = _admitted(call), call.json().get("tag")
    name = str(said.get("name", "")) if isinstance(said, dict) else ""
    if not 1 <= len(name.encode()) <= MAX_NAME_BYTES:
        raise ApiError(45158)
    if name in account.tags.values():
        raise ApiError(45157)
    if len(account.tags) >= MAX_TAGS:
        raise ApiError(45056)
    tag_id = max(account.tags, default=FIRST_TAG_ID - 1) + 1
    account.tags[tag_id] = name
    return {"tag": {"id": tag_id, "name": name}}


async def known(call: ApiCall) -> Answer:
    account = _admitted(call)
    tags = [
        {"id": tag_id, "name": name, "count": _count(call, account, tag_id)}
        for tag_id, name in account.tags.items()
    ]
    return {"tags": tags}


async def tag(call: ApiCall) -> Answer:
    tag_id, citizens = _named(call)
    for citizen in citizens:
        if len(citizen.tag_ids | {tag_id}) > MAX_TAGS_OF_ONE:
            raise ApiError(45059)
    for citizen in citizens:
        citizen.tag_ids.add(tag_id)
        call.wechat.feed.publish("citizen", citizen=citizen.as_json())
    return OK


async def untag(call: ApiCall) -> Answer:
    tag_id, citizens = _named(call)
    for citizen in citizens:
        citizen.tag_ids.discard(tag_id)
        call.wechat.feed.publish("citizen", citizen=citizen.as_json())
    return OK


def _named(call: ApiCall) -> tuple[int, list[Citizen]]:
    account, said = _admitted(call), call.json()
    openids, tag_id = said.get("openid_list"), said.get("tagid")
    if not isinstance(openids, list) or not 1 <= len(openids) <= MAX_OPENIDS:
        raise ApiError(40032)
    if tag_id not in account.tags:
        raise ApiError(45159)
    return tag_id, [_follower(call, account, str(openid)) for openid in openids]


def _follower(call: ApiCall, account: Account, openid: str) -> Citizen:
    citizen = call.wechat.citizens.find(openid)
    if citizen is None or not citizen.is_following:
        raise ApiError(40003)
    if citizen.account_key != account.key:
        raise ApiError(49003)
    return citizen


def _count(call: ApiCall, account: Account, tag_id: int) -> int:
    return sum(
        citizen.account_key == account.key and tag_id in citizen.tag_ids
        for citizen in call.wechat.citizens
    )


def _admitted(call: ApiCall) -> Account:
    account = call.token_account
    if not account.may(Right.CITIZEN_GROUPS):
        raise ApiError(48001)
    return account
