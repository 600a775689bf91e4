"""Short messages that float up at the corner: after a redirect, or with a fragment."""

import json

from flask import Response, flash, make_response
from flask.typing import ResponseReturnValue


def tell(text: str, *, level: str = "success") -> None:
    """Show the text on the next page; levels are success, info, warning and error."""
    flash(text, level)


def done(text: str = "", *, changed: str = "") -> ResponseReturnValue:
    """Answer an htmx request that changes no fragment itself.

    `changed` names a live topic such as `conversation-7`: the page that asked
    refreshes at once, without waiting for the event to come round.
    """
    told: dict[str, object] = {}
    if text:
        told["toast"] = {"text": text, "level": "success"}
    if changed:
        told[f"live:{changed}"] = True
        told[f"live:{changed.split('-', 1)[0]}"] = True
    answer: Response = make_response("", 204)
    answer.headers["HX-Trigger"] = json.dumps(told)
    return answer
