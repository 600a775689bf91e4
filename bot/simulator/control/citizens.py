"""Controls in the hands of citizens: speaking, tapping, following, reading."""

import asyncio
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from bot.simulator import gestures, payloads
from bot.simulator.control import requests
from bot.simulator.control.bursts import run_burst
from bot.simulator.control.reports import quota_report
from bot.simulator.errors import ApiError
from bot.simulator.payloads import Payload
from bot.simulator.transcripts import Entry, Via
from bot.simulator.wechat import SimulatedWeChat


async def known(wechat: SimulatedWeChat, _request: Request) -> Any:
    return {"citizens": [citizen.as_json() for citizen in wechat.citizens]}


async def create(wechat: SimulatedWeChat, request: Request) -> Any:
    asked = requests.NewCitizens.model_validate_json(await request.body())
    given: list[dict[str, str]] = [
        *({"name": name} for name in asked.names),
        *({"openid": openid} for openid in asked.openids),
        *({} for _ in range(asked.count)),
    ]
    made = [
        wechat.add_citizen(account_key=asked.account, is_following=asked.following, **facts)
        for facts in given
    ]
    return {"citizens": [citizen.as_json() for citizen in made]}


async def store_picture(wechat: SimulatedWeChat, request: Request) -> Any:
    """Store the picture in the body, to be sent by its media_id."""
    media = wechat.media.add_image(await request.body(), wechat.now())
    address = wechat.picture_address(media.media_id)
    return {"media_id": media.media_id, "pic_url": address}


async def say(wechat: SimulatedWeChat, request: Request) -> Any:
    asked = requests.Say.model_validate_json(await request.body())
    wechat.citizen(asked.openid, account_key=asked.account)
    return await _act(wechat, asked.openid, _said(wechat, asked), wait=asked.wait)


async def ask(wechat: SimulatedWeChat, request: Request) -> Any:
    """Say a text and wait for the first answer, whichever way it comes."""
    asked = requests.Ask.model_validate_json(await request.body())
    if asked.openid:
        citizen = wechat.citizen(asked.openid, account_key=asked.account, name=asked.name)
    else:
        citizen = wechat.add_citizen(account_key=asked.account, name=asked.name)
    loop = asyncio.get_running_loop()
    started, before = loop.time(), wechat.transcripts.last_seq
    push = wechat.send_later(citizen.openid, payloads.text(asked.text))

    def is_outcome(entry: Entry) -> bool:
        is_own_notice = entry.via is Via.NOTICE and entry.push_id == push.id
        return entry.is_answer or is_own_notice

    entry = await wechat.transcripts.wait_for(
        citizen.openid, is_outcome, after_seq=before, timeout_seconds=asked.timeout_seconds
    )
    is_answered = entry is not None and entry.is_answer
    return {
        "openid": citizen.openid,
        "push_id": push.id,
        "reply": entry.text if entry and is_answered else None,
        "kind": entry.kind if entry else None,
        "via": entry.via.value if entry and is_answered else ("malfunction" if entry else "none"),
        "seconds": round(loop.time() - started, 4),
    }


async def follow(wechat: SimulatedWeChat, request: Request) -> Any:
    asked = requests.Following.model_validate_json(await request.body())
    wechat.citizen(asked.openid, account_key=asked.account)
    return await _act(wechat, asked.openid, gestures.follow(scene=asked.scene), wait=asked.wait)


async def unfollow(wechat: SimulatedWeChat, request: Request) -> Any:
    asked = requests.Following.model_validate_json(await request.body())
    wechat.citizens.get(asked.openid)
    return await _act(wechat, asked.openid, payloads.unsubscribe(), wait=asked.wait)


async def click(wechat: SimulatedWeChat, request: Request) -> Any:
    asked = requests.Click.model_validate_json(await request.body())
    wechat.citizen(asked.openid, account_key=asked.account)
    payload = gestures.click(wechat, asked.openid, key=asked.key, url=asked.url)
    return await _act(wechat, asked.openid, payload, wait=asked.wait)


async def tap(wechat: SimulatedWeChat, request: Request) -> Any:
    asked = requests.Tap.model_validate_json(await request.body())
    wechat.citizens.get(asked.openid)
    payload = gestures.tap(wechat, asked.openid, seq=asked.seq, choice=asked.choice)
    return await _act(wechat, asked.openid, payload, wait=asked.wait)


async def burst(wechat: SimulatedWeChat, request: Request) -> Any:
    asked = requests.Burst.model_validate_json(await request.body())
    if (len(asked.openids) + asked.citizens) * len(asked.lines) > requests.MAX_BURST_MESSAGES:
        answer = {"error": "too_many_messages", "at_most": requests.MAX_BURST_MESSAGES}
        return JSONResponse(answer, status_code=422)
    for openid in asked.openids:
        wechat.citizen(openid, account_key=asked.account)
    new = [wechat.add_citizen(account_key=asked.account).openid for _ in range(asked.citizens)]
    openids = [*asked.openids, *new]
    return await run_burst(wechat, asked, openids) | {"openids": openids}


async def transcript(wechat: SimulatedWeChat, request: Request) -> Any:
    citizen = wechat.citizens.get(request.query_params.get("openid", ""))
    after = request.query_params.get("after", "")
    after_seq = int(after) if after.isdecimal() else 0
    entries = wechat.transcripts.of(citizen.openid, after_seq=after_seq)
    return {
        "citizen": citizen.as_json(),
        "last_seq": wechat.transcripts.last_seq,
        "entries": [entry.as_json() for entry in entries],
    }


async def quota(wechat: SimulatedWeChat, request: Request) -> Any:
    citizen = wechat.citizens.get(request.query_params.get("openid", ""))
    return {"windows": quota_report(wechat, citizen.openid)}


async def _act(wechat: SimulatedWeChat, openid: str, payload: Payload, *, wait: bool) -> Any:
    if wait:
        push = await wechat.send(openid, payload)
        return push.as_json()
    return JSONResponse(wechat.send_later(openid, payload).as_json(), status_code=202)


def _said(wechat: SimulatedWeChat, asked: requests.Say) -> Payload:
    builders: dict[str, Callable[[], Payload]] = {
        "text": lambda: payloads.text(asked.text, menu_id=asked.menu_id),
        "image": lambda: gestures.photograph(wechat, asked.media_id),
        "voice": lambda: gestures.speak(
            wechat, recognition=asked.recognition, seconds=asked.voice_seconds
        ),
        "video": lambda: payloads.video("video_media_id", "thumb_media_id"),
        "location": lambda: payloads.location(asked.latitude, asked.longitude, label=asked.label),
        "link": lambda: payloads.link(asked.title, asked.description, asked.url),
        "unsupported": payloads.unsupported,
        "scan": lambda: gestures.scan(wechat, asked.openid, asked.scene),
        "report_location": lambda: payloads.report_location(asked.latitude, asked.longitude),
    }
    if asked.kind == "text" and not asked.text:
        raise ApiError(44004)
    return builders[asked.kind]()
