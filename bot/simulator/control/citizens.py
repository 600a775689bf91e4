"""Controls in the hands of citizens: speaking, tapping, following, reading."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request

from bot.simulator import gestures, payloads
from bot.simulator.control import requests
from bot.simulator.control.reports import quota_report
from bot.simulator.control.shared import act
from bot.simulator.errors import ApiError
from bot.simulator.payloads import Payload
from bot.simulator.wechat import SimulatedWeChat


async def store_video(wechat: SimulatedWeChat, request: Request) -> Any:
    """Store the video in the body, to be sent by its media_id."""
    media = wechat.media.add_video(await request.body(), wechat.now())
    return {"media_id": media.media_id}


async def say(wechat: SimulatedWeChat, request: Request) -> Any:
    asked = requests.Say.model_validate_json(await request.body())
    wechat.citizen(asked.openid, account_key=asked.account)
    return await act(wechat, asked.openid, _said(wechat, asked), wait=asked.wait)


async def follow(wechat: SimulatedWeChat, request: Request) -> Any:
    asked = requests.Following.model_validate_json(await request.body())
    wechat.citizen(asked.openid, account_key=asked.account)
    return await act(wechat, asked.openid, gestures.follow(scene=asked.scene), wait=asked.wait)


async def unfollow(wechat: SimulatedWeChat, request: Request) -> Any:
    asked = requests.Following.model_validate_json(await request.body())
    wechat.citizens.get(asked.openid)
    return await act(wechat, asked.openid, payloads.unsubscribe(), wait=asked.wait)


async def click(wechat: SimulatedWeChat, request: Request) -> Any:
    asked = requests.Click.model_validate_json(await request.body())
    wechat.citizen(asked.openid, account_key=asked.account)
    payload = gestures.click(wechat, asked.openid, key=asked.key, url=asked.url)
    return await act(wechat, asked.openid, payload, wait=asked.wait)


async def tap(wechat: SimulatedWeChat, request: Request) -> Any:
    asked = requests.Tap.model_validate_json(await request.body())
    wechat.citizens.get(asked.openid)
    payload = gestures.tap(wechat, asked.openid, seq=asked.seq, choice=asked.choice)
    return await act(wechat, asked.openid, payload, wait=asked.wait)


async def consent(wechat: SimulatedWeChat, request: Request) -> Any:
    """Answer whether notices are wanted, or block them all without telling the account."""
    asked = requests.Consent.model_validate_json(await request.body())
    citizen = wechat.citizens.get(asked.openid)
    citizen.blocks_notices = asked.blocks
    if not asked.template_id:
        return {"blocks": citizen.blocks_notices}
    wanted = citizen.consents[asked.template_id] + 1 if asked.accepts else 0
    citizen.consents[asked.template_id] = wanted
    if not asked.tells:
        return {"wanted": wanted}
    payload = payloads.consent_given(asked.template_id, accepts=asked.accepts)
    return await act(wechat, asked.openid, payload, wait=True)


async def revoke(wechat: SimulatedWeChat, request: Request) -> Any:
    asked = requests.Revoke.model_validate_json(await request.body())
    payload = payloads.revoke(wechat.citizens.get(asked.openid).openid, asked.scopes)
    return await act(wechat, asked.openid, payload, wait=True)


async def close_windows(wechat: SimulatedWeChat, request: Request) -> Any:
    """Let two days pass for one citizen: nothing may be sent until they act again."""
    asked = requests.OnCitizen.model_validate_json(await request.body())
    wechat.windows.close(wechat.citizens.get(asked.openid).openid)
    return {"windows": quota_report(wechat, asked.openid)}


async def quota(wechat: SimulatedWeChat, request: Request) -> Any:
    citizen = wechat.citizens.get(request.query_params.get("openid", ""))
    return {"windows": quota_report(wechat, citizen.openid)}


def _said(wechat: SimulatedWeChat, asked: requests.Say) -> Payload:
    builders: dict[str, Callable[[], Payload]] = {
        "text": lambda: payloads.text(asked.text, menu_id=asked.menu_id),
        "image": lambda: gestures.photograph(wechat, asked.media_id),
        "voice": lambda: gestures.speak(
            wechat, recognition=asked.recognition, seconds=asked.voice_seconds
        ),
        "video": lambda: gestures.film(wechat, asked.media_id),
        "location": lambda: payloads.location(asked.latitude, asked.longitude, label=asked.label),
        "link": lambda: payloads.link(asked.title, asked.description, asked.url),
        "unsupported": payloads.unsupported,
        "scan": lambda: gestures.scan(wechat, asked.openid, asked.scene),
        "report_location": lambda: payloads.report_location(asked.latitude, asked.longitude),
    }
    if asked.kind == "text" and not asked.text:
        raise ApiError(44004)
    return builders[asked.kind]()
