"""One call of the Weibo API at a time: the token, bounded waits, what counts as an answer."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests

from bot.channels.base import Remedy
from bot.channels.http import (
    ANSWER_TIMEOUT_SECONDS,
    CONNECT_TIMEOUT_SECONDS,
    may_have_taken_effect,
    open_session,
    was_sent,
)
from bot.channels.watching import UNWATCHED, ApiWatch
from bot.channels.weibo.api_errors import TAKEN_CODES, WeiboApiError, refused

LONGEST_SHOWN_REASON = 200

# More than any answer of the API in JSON holds: fifty posts with all that belongs to them.
LONGEST_ANSWER_BYTES = 4 * 1024 * 1024

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


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is asked; `accepts` says whether an answer without an error code is a proper one."""

    method: str
    url: str
    accepts: Callable[[Answer], bool]
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = None
    is_in_ledger: bool = False  # whoever asks has counted the call already


@dataclass(frozen=True)
class Received:
    """What came back, read up to a limit."""

    status: int
    content_type: str
    content: bytes

    def as_object(self) -> Answer:
        """Return the JSON object; an empty one when there is none."""
        try:
            answer = json.loads(self.content)
        except (ValueError, RecursionError):
            return {}
        return answer if isinstance(answer, dict) else {}


class WeiboCalls:
    """Calls in the name of one access token. Safe to share between threads."""

    def __init__(
        self,
        access_token: str,
        *,
        timeout_seconds: float = ANSWER_TIMEOUT_SECONDS,
        retry: RetryPolicy = RETRY,
        pause: Callable[[float], object] = time.sleep,
        watch: ApiWatch = UNWATCHED,
    ) -> None:
        self._watch = watch
        self._access_token = access_token
        self._timeout = (CONNECT_TIMEOUT_SECONDS, timeout_seconds)
        self._retry = retry
        self._pause = pause
        self._session = open_session()

    def close(self) -> None:
        self._session.close()

    def ask(self, request: Request) -> Answer:
        """Return the proper answer, or raise WeiboApiError."""
        return self._with_retry(request.url, lambda: self._ask_once(request))

    def download(self, url: str, query: Mapping[str, str], *, limit_bytes: int) -> Received:
        """Return a file, or raise WeiboApiError; a longer one is not read to its end."""
        return self._with_retry(url, lambda: self._download_once(url, query, limit_bytes))

    def _with_retry[Got](self, url: str, attempt: Callable[[], Got]) -> Got:
        try:
            got = self._try_again(attempt)
        except WeiboApiError as error:
            self._watch.refused(error)
            raise
        self._watch.taken(_kind_of(url))
        return got

    def _try_again[Got](self, attempt: Callable[[], Got]) -> Got:
        if not self._access_token:
            raise WeiboApiError("没有设置 access_token", remedy=Remedy.PASSIVE_ONLY)
        for _ in range(self._retry.attempts - 1):
            try:
                return attempt()
            except WeiboApiError as error:
                if not self._retry.repeats(error):
                    raise
            self._pause(self._retry.pause_seconds)
        return attempt()

    def _ask_once(self, request: Request) -> Answer:
        if not request.is_in_ledger:
            self._watch.called(_kind_of(request.url))
        received = self._send(
            request.method,
            request.url,
            request.query,
            form=request.form,
            limit_bytes=LONGEST_ANSWER_BYTES,
        )
        answer = received.as_object()
        code = _error_code_in(answer)
        if code in TAKEN_CODES:
            return answer
        self._refuse(code, answer, received)
        if not request.accepts(answer):
            reason = "the answer does not say that the call was taken"
            raise WeiboApiError.no_answer(reason, was_sent=True)
        return answer

    def _download_once(self, url: str, query: Mapping[str, str], limit_bytes: int) -> Received:
        self._watch.called(_kind_of(url))
        received = self._send("GET", url, query, form=None, limit_bytes=limit_bytes)
        # Also what is refused may come with status 200, in place of the file.
        answer = received.as_object() if received.content.startswith(b"{") else {}
        self._refuse(_error_code_in(answer), answer, received)
        if not received.content:
            raise WeiboApiError.no_answer("the file is empty", was_sent=True)
        return received

    def _refuse(self, code: int | None, answer: Answer, received: Received) -> None:
        if code is not None:
            raise refused(code, self._reason_in(answer))
        if not 200 <= received.status < 300:
            reason = f"HTTP status {received.status}"
            was_sent = may_have_taken_effect(received.status, received.content)
            raise WeiboApiError.no_answer(reason, was_sent=was_sent)

    def _send(
        self,
        method: str,
        url: str,
        query: Mapping[str, str],
        *,
        form: Mapping[str, str] | None,
        limit_bytes: int,
    ) -> Received:
        # Nothing below is chained: the errors of requests hold address and token.
        try:
            with self._session.request(
                method,
                url,
                params={"access_token": self._access_token, **query},
                data=form,
                timeout=self._timeout,
                stream=True,
            ) as response:
                content = _read(response, limit_bytes)
        except requests.RequestException as error:
            reason = f"no answer: {type(error).__name__}"
            raise WeiboApiError.no_answer(reason, was_sent=was_sent(error)) from None
        content_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        return Received(response.status_code, content_type, content)

    def _reason_in(self, answer: Answer) -> str:
        reason = str(answer.get("error", ""))
        return reason.replace(self._access_token, "…")[:LONGEST_SHOWN_REASON]


def _kind_of(url: str) -> str:
    return urlsplit(url).path.removeprefix("/2/").removesuffix(".json")


def _read(response: requests.Response, limit_bytes: int) -> bytes:
    content = bytearray()
    for piece in response.iter_content(64 * 1024):
        content += piece
        if len(content) > limit_bytes:
            raise WeiboApiError(f"more than {limit_bytes} bytes", remedy=Remedy.BUG)
    return bytes(content)


def _error_code_in(answer: Answer) -> int | None:
    """Return the error code, which comes as a number or in quotes."""
    code = answer.get("error_code")
    if isinstance(code, str) and code.isdecimal():
        return int(code[:10])
    return code if isinstance(code, int) and not isinstance(code, bool) else None
