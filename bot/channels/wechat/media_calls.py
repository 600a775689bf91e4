"""The call of WeChat's media/get, which answers with a file, or says in JSON why not."""

import json
from collections.abc import Mapping
from time import monotonic
from typing import Any

import requests
from urllib3.exceptions import HTTPError
from wechatpy.exceptions import WeChatClientException

from bot.channels.downloads import LONGEST_SECONDS, read_limited
from bot.channels.media import MediaUnavailable

LONGEST_JSON_BYTES = 16 * 1024


def json_in(content: bytes) -> Mapping[str, Any]:
    """Return the fields of an answer in JSON; none when it is something else."""
    if len(content) > LONGEST_JSON_BYTES or not content.lstrip().startswith(b"{"):
        return {}
    try:
        fields = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}


def ask_for_media(
    http: requests.Session,
    url: str,
    *,
    token: str,
    media_id: str,
    limit_bytes: int,
    timeout: tuple[float, float],
) -> bytes:
    """Call media/get; an error code in the answer is raised as wechatpy raises it."""
    deadline = monotonic() + LONGEST_SECONDS
    parameters = {"access_token": token, "media_id": media_id}
    headers = {"Accept-Encoding": "identity"}
    with http.get(url, params=parameters, headers=headers, timeout=timeout, stream=True) as answer:
        answer.raise_for_status()
        try:
            content = read_limited(answer.raw, limit_bytes, deadline)
        except HTTPError as error:
            reason = f"no answer: {type(error).__name__}"
            raise MediaUnavailable(reason, can_retry=True) from None
    fields = json_in(content)
    if fields.get("errcode"):
        raise WeChatClientException(_number(fields["errcode"]), str(fields.get("errmsg", "")))
    if _is_page(content, answer.headers.get("content-type", "")):
        raise MediaUnavailable("a page instead of a file", can_retry=True)
    return content


def _is_page(content: bytes, content_type: str) -> bool:
    """Tell whether something in between answered in words for people."""
    return "text/html" in content_type.lower() or content.lstrip()[:1] == b"<"


def _number(value: object) -> int:
    text = str(value)
    return int(text) if text.lstrip("-").isdecimal() else -1
