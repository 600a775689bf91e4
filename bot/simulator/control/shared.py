"""Controls that every simulated platform has: citizens, transcripts, records, misfortunes."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from bot.simulator.control import reports, requests
from bot.simulator.control.bursts import run_burst
from bot.simulator.faults import Fault
from bot.simulator.platform import AnyPlatform
from bot.simulator.transcripts import Entry, Via

MAX_LISTED = 500


async def known(platform: AnyPlatform, _request: Request) -> Any:
    return {"citizens": [citizen.as_json() for citizen in platform.citizens]}


async def create(platform: AnyPlatform, request: Request) -> Any:
    asked = requests.NewCitizens.model_validate_json(await request.body())
    given: list[dict[str, str]] = [
        *({"name": name} for name in asked.names),
        *({"openid": openid} for openid in asked.openids),
        *({} for _ in range(asked.count)),
    ]
    made = [
        platform.add_citizen(account_key=asked.account, is_following=asked.following, **facts)
        for facts in given
    ]
    return {"citizens": [citizen.as_json() for citizen in made]}


async def store_picture(platform: AnyPlatform, request: Request) -> Any:
    """Store the picture in the body, to be sent by its media_id."""
    media = platform.media.add_image(await request.body(), platform.now())
    address = platform.picture_address(media.media_id)
    return {"media_id": media.media_id, "pic_url": address}


async def ask(platform: AnyPlatform, request: Request) -> Any:
    """Say a text and wait for the first answer, whichever way it comes."""
    asked = requests.Ask.model_validate_json(await request.body())
    if asked.openid:
        citizen = platform.citizen(asked.openid, account_key=asked.account, name=asked.name)
    else:
        citizen = platform.add_citizen(account_key=asked.account, name=asked.name)
    loop = asyncio.get_running_loop()
    started, before = loop.time(), platform.transcripts.last_seq
    push = platform.send_later(citizen.openid, platform.in_words(asked.text))

    def is_outcome(entry: Entry) -> bool:
        is_own_notice = entry.via is Via.NOTICE and entry.push_id == push.id
        return entry.is_answer or is_own_notice

    entry = await platform.transcripts.wait_for(
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


async def burst(platform: AnyPlatform, request: Request) -> Any:
    asked = requests.Burst.model_validate_json(await request.body())
    if (len(asked.openids) + asked.citizens) * len(asked.lines) > requests.MAX_BURST_MESSAGES:
        answer = {"error": "too_many_messages", "at_most": requests.MAX_BURST_MESSAGES}
        return JSONResponse(answer, status_code=422)
    for openid in asked.openids:
        platform.citizen(openid, account_key=asked.account)
    new = [platform.add_citizen(account_key=asked.account).openid for _ in range(asked.citizens)]
    openids = [*asked.openids, *new]
    return await run_burst(platform, asked, openids) | {"openids": openids}


async def transcript(platform: AnyPlatform, request: Request) -> Any:
    citizen = platform.citizens.get(request.query_params.get("openid", ""))
    after = request.query_params.get("after", "")
    after_seq = int(after) if after.isdecimal() else 0
    entries = platform.transcripts.of(citizen.openid, after_seq=after_seq)
    return {
        "citizen": citizen.as_json(),
        "last_seq": platform.transcripts.last_seq,
        "entries": [entry.as_json() for entry in entries],
    }


async def act(platform: AnyPlatform, openid: str, payload: Any, *, wait: bool) -> Any:
    """Let a citizen act, waiting for the end of the exchange or not."""
    if wait:
        push = await platform.send(openid, payload)
        return push.as_json()
    return JSONResponse(platform.send_later(openid, payload).as_json(), status_code=202)


async def pushes(platform: AnyPlatform, request: Request) -> Any:
    openid = request.query_params.get("openid")
    recent = platform.pushes.recent(platform.options.remembered_pushes)
    wanted = [push for push in recent if openid in {None, push.openid}]
    return {"pushes": [push.as_json() for push in wanted[-_limit(request) :]]}


async def push(platform: AnyPlatform, request: Request) -> Any:
    found = platform.pushes.find(request.path_params["push_id"])
    if found is None:
        return JSONResponse({"error": "unknown_push"}, status_code=404)
    return found.as_json() | {"body": found.body.decode("utf-8", "replace")}


async def calls(platform: AnyPlatform, request: Request) -> Any:
    return {"calls": [call.as_json() for call in list(platform.calls.recent)[-_limit(request) :]]}


async def faults(platform: AnyPlatform, _request: Request) -> Any:
    return reports.faults_report(platform)


async def switch_faults(platform: AnyPlatform, request: Request) -> Any:
    asked = requests.Faults.model_validate_json(await request.body())
    if asked.reset:
        platform.faults.switch_off()
    for switch in asked.faults:
        if switch.on:
            facts = switch.model_dump(exclude={"on"})
            platform.faults.switch_on(Fault(**facts))
        else:
            platform.faults.switch_off(switch.name)
    return reports.faults_report(platform)


async def verify(platform: AnyPlatform, request: Request) -> Any:
    asked = requests.OnAccount.model_validate_json(await request.body() or b"{}")
    return {"is_verified": await platform.pushes.verify_address(platform.account(asked.account))}


async def reset(platform: AnyPlatform, _request: Request) -> Any:
    await platform.reset()
    return {"reset": True}


def _limit(request: Request) -> int:
    given = request.query_params.get("limit", "100")
    return max(1, min(MAX_LISTED, int(given))) if given.isdigit() else 100
