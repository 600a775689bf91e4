"""The stream a page keeps open: server-sent events that carry types and topics only."""

import json
from collections.abc import Iterator
from time import monotonic
from typing import cast

from flask import Blueprint, Response, current_app
from flask.typing import ResponseReturnValue

from console.context import CurrentOperator, operator, settings
from console.guard import signed_in
from console.live.hub import Hub, StreamState

HEARTBEAT_SECONDS = 15.0
# The browser comes back at once; whether the session still holds is looked at then.
LONGEST_STREAM_SECONDS = 10 * 60.0
# Every stream holds a thread; these are left for everything else.
THREADS_FOR_PAGES = 16

bp = Blueprint("live", __name__)


@bp.get("/live")
@signed_in
def stream() -> ResponseReturnValue:
    hub = cast(Hub, current_app.extensions["live"])
    if hub.listener_count >= settings().console_threads - THREADS_FOR_PAGES:
        return "", 503  # the page asks every few seconds instead
    answer = Response(_events(hub, operator()), mimetype="text/event-stream")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Accel-Buffering"] = "no"  # nginx would hold events back
    return answer


def _events(hub: Hub, who: CurrentOperator) -> Iterator[str]:
    until = monotonic() + LONGEST_STREAM_SECONDS
    with hub.listening(who.id, who.permissions) as listener:
        while monotonic() < until:
            notice = listener.next(seconds=HEARTBEAT_SECONDS)
            if notice is None:
                yield _event("alive")
            elif isinstance(notice, StreamState):
                yield _event("state", state=notice)
                if notice is StreamState.ENDED:
                    return
            else:
                yield _event("notice", type=notice.type, topics=notice.topics)


def _event(name: str, **facts: object) -> str:
    return f"event: {name}\ndata: {json.dumps(facts)}\n\n"
