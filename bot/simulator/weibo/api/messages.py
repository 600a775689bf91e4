"""/2/messages/reply.json, the menu, the form of pushes, and what citizens sent."""

import json

from starlette.responses import Response

from bot.simulator.errors import ApiError
from bot.simulator.menus import menu_from_json
from bot.simulator.verdicts import Malformed
from bot.simulator.weibo.api.gate import TAKEN, Answer, ApiCall
from bot.simulator.weibo.refusals import WeiboRefusal
from bot.simulator.weibo.replies import read_content
from config.accounts import PushFormat

# What a reply's content lacks, and how the API says so.
_CONTENT_REFUSALS = {"text_too_long": 20013, "empty_content": 20008}


async def reply(call: ApiCall) -> Answer:
    weibo, account = call.weibo, call.token_account
    call.openid = call.required("receiver_id")
    kind, data = call.required("type"), call.required("data")
    citizen = weibo.citizens.find(call.openid)
    if citizen is None or citizen.account_key != account.key:
        raise WeiboRefusal(20003)
    try:
        said = json.loads(data)
        content = read_content(kind, said if isinstance(said, dict) else {})
    except ValueError:
        # Data that is encoded twice ends here as well.
        raise WeiboRefusal(10017, name="data", wanted="json") from None
    except Malformed as malformed:
        error_code = _CONTENT_REFUSALS.get(str(malformed), 10008)
        raise WeiboRefusal(error_code) from None
    if call.form.get("save_sender_box", "1") not in {"0", "1"}:
        raise WeiboRefusal(10017, name="save_sender_box", wanted="0 or 1")
    if citizen.has_left:
        raise WeiboRefusal(20301)
    weibo.windows.spend(citizen.openid, weibo.now())
    weibo.tally["api_sends"] += 1
    await weibo.show_message(citizen.openid, content.kind, content.text, content.details)
    return TAKEN


async def create_menu(call: ApiCall) -> Answer:
    try:
        call.token_account.menu = menu_from_json(json.loads(call.required("menus")))
    except (ValueError, ApiError):
        raise WeiboRefusal(10017, name="menus", wanted="button json") from None
    _announce_menu(call)
    return TAKEN


async def show_menu(call: ApiCall) -> Answer:
    menu = call.token_account.menu
    return {"menu": menu.as_json() if menu else {"button": []}}


async def delete_menu(call: ApiCall) -> Answer:
    call.token_account.menu = None
    _announce_menu(call)
    return TAKEN


async def set_format(call: ApiCall) -> Answer:
    wanted = call.required("format")
    if wanted not in set(PushFormat):
        raise WeiboRefusal(10017, name="format", wanted="xml or json")
    call.token_account.push_format = PushFormat(wanted)
    call.weibo.feed.publish("account", account=call.token_account.key)
    return TAKEN


async def download(call: ApiCall) -> Answer:
    try:
        media = call.weibo.media.get(call.required("fid"), call.weibo.now())
    except ApiError:
        raise WeiboRefusal(10017, name="fid", wanted="tovfid") from None
    return Response(media.content, headers={"content-type": media.content_type})


def _announce_menu(call: ApiCall) -> None:
    account = call.token_account
    call.weibo.feed.publish("menu", account=account.key, menu=account.shown_menu.as_json())
