"""The Weibo API: one account's private messages, and comments below posts that name it."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import requests

from bot.channels.base import Remedy
from bot.channels.http import (
    ANSWER_TIMEOUT_SECONDS,
    CONNECT_TIMEOUT_SECONDS,
    open_session,
    was_sent,
)
from bot.channels.weibo.api_errors import TAKEN_CODES, WeiboApiError, refused

OFFICIAL_API_URL = "https://m.api.weibo.com"
OFFICIAL_OPEN_API_URL = "https://api.weibo.com"

LONGEST_SHOWN_REASON = 200

Answer = Mapping[str, Any]


@dataclass(frozen=True)
class RetryPolicy:
    """Which calls are worth repeating at once: those that certainly did nothing."""

    attempts: int
    pause_seconds: float
    codes: frozenset[int]

    def repeats(self, error: WeiboApiError) -> bool:
        if error.platform_code is None:
            return error.remedy is Remedy.RETRY_LATER and not error.is_outcome_unknown
        return error.platform_code in self.codes


# Everything else is left to the delivery job, which waits longer.
RETRY = RetryPolicy(attempts=2, pause_seconds=0.5, codes=frozenset({10001}))


class WeiboApi:
    """What the desk asks of Weibo for one account. Safe to share between threads."""

    def __init__(
        self,
        access_token: str,
        *,
        api_url: str = OFFICIAL_API_URL,
        open_api_url: str = OFFICIAL_OPEN_API_URL,
        timeout_seconds: float = ANSWER_TIMEOUT_SECONDS,
        retry: RetryPolicy = RETRY,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        self._access_token = access_token
        self._api_url = api_url.rstrip("/")
        self._open_api_url = open_api_url.rstrip("/")
        self._timeout = (CONNECT_TIMEOUT_SECONDS, timeout_seconds)
        self._retry = retry
        self._pause = pause
        self._session = open_session()

    def send_text(self, receiver_id: str, text: str) -> None:
        """Send a private message, or raise WeiboApiError."""
        form = {
            "receiver_id": receiver_id,
            "type": "text",
            # Sending the form encodes it, once, as the platform wants it.
            "data": json.dumps({"text": text}, ensure_ascii=False, separators=(",", ":")),
            "save_sender_box": "1",
        }
        self._post(
            f"{self._api_url}/2/messages/reply.json",
            form,
            is_taken=lambda answer: answer.get("result") in (True, "true"),
        )

    def comment(self, status_id: str, text: str, *, real_ip: str) -> None:
        """Write a public comment below a post, or raise WeiboApiError."""
        self._post(
            f"{self._open_api_url}/2/comments/create.json",
            {"id": status_id, "comment": text, "rip": real_ip},
            is_taken=lambda answer: bool(answer.get("id")),
        )

    def close(self) -> None:
        self._session.close()

    def _post(
        self, url: str, form: Mapping[str, str], *, is_taken: Callable[[Answer], bool]
    ) -> None:
        if not self._access_token:
            raise WeiboApiError("没有设置 access_token", remedy=Remedy.PASSIVE_ONLY)
        for _ in range(self._retry.attempts - 1):
            try:
                self._attempt(url, form, is_taken)
            except WeiboApiError as error:
                if not self._retry.repeats(error):
                    raise
            else:
                return
            self._pause(self._retry.pause_seconds)
        self._attempt(url, form, is_taken)

    def _attempt(
        self, url: str, form: Mapping[str, str], is_taken: Callable[[Answer], bool]
    ) -> None:
        # Nothing below is chained: the errors of requests hold address and token.
        try:
            response = self._session.post(
                url,
                params={"access_token": self._access_token},
                data=form,
                timeout=self._timeout,
            )
        except requests.RequestException as error:
            reason = f"no answer: {type(error).__name__}"
            raise WeiboApiError.no_answer(reason, was_sent=was_sent(error)) from None
        answer = _object_in(response)
        code = _error_code_in(answer)
        if code in TAKEN_CODES:
            return
        if code is not None:
            raise refused(code, self._reason_in(answer))
        if not response.ok:
            reason = f"HTTP status {response.status_code}"
            raise WeiboApiError.no_answer(reason, was_sent=True)
        if not is_taken(answer):
            reason = "the answer does not say that the call was taken"
            raise WeiboApiError.no_answer(reason, was_sent=True)

    def _reason_in(self, answer: Answer) -> str:
        reason = str(answer.get("error", ""))
        return reason.replace(self._access_token, "…")[:LONGEST_SHOWN_REASON]


def _object_in(response: requests.Response) -> Answer:
    """Return the JSON object in the answer; an empty one when it holds none."""
    try:
        answer = response.json()
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _error_code_in(answer: Answer) -> int | None:
    """Return the error code, which comes as a number or in quotes."""
    code = answer.get("error_code")
    if isinstance(code, str) and code.isdecimal():
        return int(code[:10])
    return code if isinstance(code, int) and not isinstance(code, bool) else None
