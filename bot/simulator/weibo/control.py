"""The control API of Weibo: /control/weibo/…, JSON in and out.

`openid` is a citizen's uid: the two platforms are worked with the same words.
"""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.simulator.control import requests, shared
from bot.simulator.control.doors import Handler, routes_for
from bot.simulator.errors import ApiError
from bot.simulator.media import sample_picture, silent_recording
from bot.simulator.weibo import payloads, reports
from bot.simulator.weibo import requests as asked_for
from bot.simulator.weibo.api.gate import EVERY_CALL
from bot.simulator.weibo.payloads import Payload
from bot.simulator.weibo.platform import SimulatedWeibo
from bot.simulator.weibo.public import Post
from bot.simulator.weibo.refusals import WeiboRefusal

BASE = "/control/weibo"


async def say(weibo: SimulatedWeibo, request: Request) -> Any:
    asked = asked_for.Say.model_validate_json(await request.body())
    weibo.citizen(asked.openid, account_key=asked.account)
    return await shared.act(weibo, asked.openid, _said(weibo, asked), wait=asked.wait)


async def follow(weibo: SimulatedWeibo, request: Request) -> Any:
    asked = asked_for.Following.model_validate_json(await request.body())
    weibo.citizen(asked.openid, account_key=asked.account)
    payload = payloads.scan(asked.scene, is_new=True) if asked.scene else payloads.follow()
    return await shared.act(weibo, asked.openid, payload, wait=asked.wait)


async def unfollow(weibo: SimulatedWeibo, request: Request) -> Any:
    asked = asked_for.Following.model_validate_json(await request.body())
    weibo.citizens.get(asked.openid)
    return await shared.act(weibo, asked.openid, payloads.unfollow(), wait=asked.wait)


async def subscribe(weibo: SimulatedWeibo, request: Request) -> Any:
    asked = asked_for.Subscription.model_validate_json(await request.body())
    weibo.citizen(asked.openid, account_key=asked.account)
    payload = payloads.subscribe(asked.keyword)
    return await shared.act(weibo, asked.openid, payload, wait=asked.wait)


async def unsubscribe(weibo: SimulatedWeibo, request: Request) -> Any:
    asked = asked_for.Subscription.model_validate_json(await request.body())
    weibo.citizens.get(asked.openid)
    payload = payloads.unsubscribe(asked.keyword)
    return await shared.act(weibo, asked.openid, payload, wait=asked.wait)


async def click(weibo: SimulatedWeibo, request: Request) -> Any:
    """Press a menu button, whether or not the menu still has it."""
    asked = asked_for.Click.model_validate_json(await request.body())
    citizen = weibo.citizen(asked.openid, account_key=asked.account)
    button = weibo.account(citizen.account_key).shown_menu.find(key=asked.key, url=asked.url)
    name = button.name if button else asked.key or asked.url
    payload = payloads.view(asked.url, name) if asked.url else payloads.click(asked.key, name)
    return await shared.act(weibo, asked.openid, payload, wait=asked.wait)


async def mention(weibo: SimulatedWeibo, request: Request) -> Any:
    asked = asked_for.Mention.model_validate_json(await request.body())
    weibo.citizen(asked.openid, account_key=asked.account)
    try:
        post = _posted(weibo, asked)
    except WeiboRefusal:
        return JSONResponse({"error": "unknown_post"}, status_code=404)
    push, payload = weibo.mention(post)
    said = {"post_id": str(post.id), "status_id": str(post.status_id or post.id)}
    if push is None:
        return said | {"is_pushed": False}
    if asked.wait:
        await weibo.finish(push, payload)
    else:
        weibo.run(weibo.finish(push, payload))
    return said | {"is_pushed": True} | push.as_json()


async def comment(weibo: SimulatedWeibo, request: Request) -> Any:
    asked = asked_for.Comment.model_validate_json(await request.body())
    weibo.citizen(asked.openid, account_key=asked.account)
    post = weibo.comment(asked.openid, asked.text, names=False)
    weibo.show_own_words(post)
    return {"post_id": str(post.id), "status_id": str(post.status_id)}


async def given(weibo: SimulatedWeibo, request: Request) -> Any:
    """Push a body as it is, signed as any other: for payloads from the platform's pages."""
    asked = asked_for.Given.model_validate_json(await request.body())
    citizen = weibo.citizen(asked.openid, account_key=asked.account)
    account = weibo.account(citizen.account_key)
    push = weibo.pushes.as_given(account, asked.openid, asked.body.encode("utf-8", "replace"))
    await weibo.pushes.deliver(account, push)
    return push.as_json()


async def square(weibo: SimulatedWeibo, _request: Request) -> Any:
    """Tell everything that was said in public, oldest first."""
    return {
        "posts": [
            post.as_json() | {"status_id": str(post.status_id) if post.status_id else None}
            for post in weibo.square.all()
        ]
    }


async def quota(weibo: SimulatedWeibo, request: Request) -> Any:
    citizen = weibo.citizens.get(request.query_params.get("openid", ""))
    return {"windows": weibo.windows.report(citizen.openid, weibo.now())}


async def stats(weibo: SimulatedWeibo, _request: Request) -> Any:
    return reports.statistics(weibo)


async def accounts(weibo: SimulatedWeibo, _request: Request) -> Any:
    return {"accounts": [reports.account_report(weibo, each) for each in weibo.accounts.values()]}


async def change_account(weibo: SimulatedWeibo, request: Request) -> Any:
    asked = asked_for.ChangeAccount.model_validate_json(await request.body())
    account = weibo.account(asked.account)
    for name, value in asked.model_dump(exclude={"account"}, exclude_none=True).items():
        setattr(account, name, value)
    weibo.feed.publish("account", account=account.key)
    return reports.account_report(weibo, account)


async def renew_budget(weibo: SimulatedWeibo, request: Request) -> Any:
    """Begin the day's count of calls anew, as midnight does."""
    asked = requests.OnAccount.model_validate_json(await request.body() or b"{}")
    weibo.calls.forget_today(weibo.account(asked.account).key, EVERY_CALL, weibo.now())
    return {"renewed": True}


def _said(weibo: SimulatedWeibo, asked: asked_for.Say) -> Payload:
    citizen = weibo.citizen(asked.openid)
    builders: dict[str, Callable[[], Payload]] = {
        "text": lambda: payloads.text(asked.text),
        "image": lambda: _photograph(weibo, asked.media_id),
        "voice": lambda: _speak(weibo, asked.voice_seconds),
        "location": lambda: payloads.position(asked.latitude, asked.longitude, label=asked.label),
        "scan": lambda: payloads.scan(asked.scene, is_new=not citizen.is_following),
        "unknown": lambda: payloads.anything("hologram", asked.text, {}),
    }
    if asked.kind == "text" and not asked.text:
        raise ApiError(44004)
    return builders[asked.kind]()


def _posted(weibo: SimulatedWeibo, asked: asked_for.Mention) -> Post:
    """Write the post or comment that names the account."""
    if asked.place == "status":
        return weibo.post(asked.openid, asked.text, commenting=asked.commenting)
    if asked.status_id:
        return weibo.comment(asked.openid, asked.text, status_id=asked.status_id)
    below = weibo.somebodys_post(asked.openid, commenting=asked.commenting)
    return weibo.comment(asked.openid, asked.text, status_id=str(below.id))


def _photograph(weibo: SimulatedWeibo, media_id: str) -> Payload:
    store, now = weibo.media, weibo.now()
    media = store.get(media_id, now) if media_id else store.add_image(sample_picture(), now)
    address = weibo.picture_address(media.media_id)
    # The first id is the sender's own, worth nothing to the account.
    return payloads.image(str(int(media.media_id) - 1), media.media_id, address)


def _speak(weibo: SimulatedWeibo, seconds: int) -> Payload:
    media = weibo.media.add_recording(silent_recording(seconds), weibo.now())
    return payloads.voice(str(int(media.media_id) - 1), media.media_id, seconds=seconds)


TABLE: tuple[tuple[str, str, Handler[SimulatedWeibo]], ...] = (
    ("GET", "/citizens", shared.known),
    ("POST", "/citizens", shared.create),
    ("POST", "/pictures", shared.store_picture),
    ("POST", "/say", say),
    ("POST", "/ask", shared.ask),
    ("POST", "/follow", follow),
    ("POST", "/unfollow", unfollow),
    ("POST", "/subscribe", subscribe),
    ("POST", "/unsubscribe", unsubscribe),
    ("POST", "/click", click),
    ("POST", "/mention", mention),
    ("POST", "/comment", comment),
    ("POST", "/given", given),
    ("POST", "/burst", shared.burst),
    ("GET", "/transcript", shared.transcript),
    ("GET", "/square", square),
    ("GET", "/quota", quota),
    ("GET", "/stats", stats),
    ("GET", "/pushes", shared.pushes),
    ("GET", "/pushes/{push_id}", shared.push),
    ("GET", "/calls", shared.calls),
    ("GET", "/faults", shared.faults),
    ("POST", "/faults", shared.switch_faults),
    ("GET", "/accounts", accounts),
    ("POST", "/accounts", change_account),
    ("POST", "/budget", renew_budget),
    ("POST", "/verify", shared.verify),
    ("POST", "/reset", shared.reset),
)


def control_routes(weibo: SimulatedWeibo) -> list[Route]:
    return routes_for(weibo, [(method, BASE + path, handler) for method, path, handler in TABLE])
