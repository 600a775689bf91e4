"""The WeChat API on wechatpy's client, with that client's traps taken out.

wechatpy builds the requests and reads the answers. Kept from it: its own handling of
tokens (no lock, no timeout, unbounded retry), the official host where its endpoints
spell it out, and everything it lets through that is not a JSON object.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

import requests
from redis import Redis
from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatClientException

from bot.channels.base import Remedy
from bot.channels.http import (
    ANSWER_TIMEOUT_SECONDS,
    CONNECT_TIMEOUT_SECONDS,
    may_have_taken_effect,
    open_session,
    was_sent,
)
from bot.channels.watching import UNWATCHED, ApiWatch
from bot.channels.wechat.api_errors import WeChatApiError, refused
from bot.channels.wechat.media_calls import ask_for_media
from bot.channels.wechat.tokens import AccessTokens, IssuedToken
from core.clock import Clock, utc_now

OFFICIAL_API_URL = "https://api.weixin.qq.com"

MEDIA_CALL = "media/get"

Answer = dict[str, Any]


class WeChatApi:
    """What the desk asks of WeChat for one account. Safe to share between threads."""

    def __init__(
        self,
        *,
        app_id: str,
        app_secret: str,
        redis: Redis | None,
        api_url: str = OFFICIAL_API_URL,
        timeout_seconds: float = ANSWER_TIMEOUT_SECONDS,
        clock: Clock = utc_now,
        watch: ApiWatch = UNWATCHED,
    ) -> None:
        self._app_id = app_id
        self._app_secret = app_secret
        self._watch = watch
        self._client = _Client(app_id, api_url, timeout_seconds, watch.called)
        self._tokens = AccessTokens(
            app_id, self._fetch_token, redis, clock=clock, on_issued=watch.token_issued
        )

    def send_text(self, openid: str, text: str) -> None:
        answer = self.call(lambda client: client.message.send_text(openid, text))
        if answer.get("errcode") != 0:
            raise WeChatApiError.no_answer(
                "the answer does not say that the message was taken", was_sent=True
            )

    def send_menu(self, openid: str, head: str, entries: Sequence[str]) -> None:
        """Send a message with a menu: a tap says the entry in the citizen's name."""
        listed = [{"id": str(number), "content": said} for number, said in enumerate(entries, 1)]
        body = {
            "touser": openid,
            "msgtype": "msgmenu",
            "msgmenu": {"head_content": head, "list": listed, "tail_content": ""},
        }
        self.call(lambda client: client.post("message/custom/send", data=body))

    def show_typing(self, openid: str) -> None:
        body = {"touser": openid, "command": "Typing"}
        self.call(lambda client: client.post("message/custom/typing", data=body))

    def fetch_media(self, media_id: str, *, limit_bytes: int) -> bytes:
        """Return what media/get answers with, or raise WeChatApiError or MediaNotFetched."""

        def ask(client: _Client) -> Answer:
            return {"content": client.download(media_id, limit_bytes)}

        content: bytes = self.call(ask)["content"]
        return content

    def close(self) -> None:
        self._client.close()

    def call(self, ask: Callable[[Any], Any]) -> Answer:
        """Ask wechatpy's client for something, or raise WeChatApiError.

        A refused token is replaced and the call repeated once: `ask` may run twice.
        """
        token = self._tokens.current()
        try:
            return self._attempt(ask, token)
        except WeChatApiError as error:
            if error.remedy is not Remedy.REFRESH_TOKEN:
                raise
        return self._attempt(ask, self._tokens.replace(token))

    def _fetch_token(self) -> IssuedToken:
        body = {
            "grant_type": "client_credential",
            "appid": self._app_id,
            "secret": self._app_secret,
            # By force the platform gives 20 a day; the ordinary way renews in time.
            "force_refresh": False,
        }
        try:
            # Parameters that are no dict keep wechatpy from adding a token to them.
            answer = self._attempt(lambda it: it.post("stable_token", params=(), data=body), "")
        except WeChatApiError as error:
            # Whatever became of this call, the one it was made for has not been sent.
            error.is_outcome_unknown = False
            raise
        token, expires_in = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not token:
            raise WeChatApiError.no_answer("the token call gave no token", was_sent=False)
        return IssuedToken(token, _whole_seconds(expires_in))

    def _attempt(self, ask: Callable[[Any], Any], token: str) -> Answer:
        try:
            answer = self._ask(ask, token)
        except WeChatApiError as error:
            self._watch.refused(error)
            raise
        self._watch.taken(self._client.in_use.kind)
        return answer

    def _ask(self, ask: Callable[[Any], Any], token: str) -> Answer:
        # Nothing below is chained: wechatpy's and requests' errors hold address and token.
        self._client.in_use.token, self._client.in_use.kind = token, ""
        try:
            answer = ask(self._client)
        except WeChatClientException as error:
            if error.errcode is None:
                raise _http_failure(error.response) from None
            raise refused(error.errcode, str(error.errmsg)) from None
        except requests.RequestException as error:
            reason = f"no answer: {type(error).__name__}"
            raise WeChatApiError.no_answer(reason, was_sent=was_sent(error)) from None
        if not isinstance(answer, dict):
            raise WeChatApiError.no_answer("the answer is not a JSON object", was_sent=True)
        return answer


class _Client(WeChatClient):  # type: ignore[misc]  # wechatpy ships no types
    def __init__(
        self, app_id: str, api_url: str, timeout_seconds: float, called: Callable[[str], None]
    ) -> None:
        timeout = (CONNECT_TIMEOUT_SECONDS, timeout_seconds)
        super().__init__(app_id, secret="", timeout=timeout, auto_retry=False)
        self._api_url = api_url.rstrip("/")
        self.API_BASE_URL = f"{self._api_url}/cgi-bin/"
        self._http = open_session()
        self._timeout = timeout
        self._called = called
        self.in_use = threading.local()  # the token and the kind of the call at hand

    def close(self) -> None:
        self._http.close()

    def download(self, media_id: str, limit_bytes: int) -> bytes:
        """Ask for a file as it is: wechatpy would read it whole, however large."""
        self.in_use.kind = MEDIA_CALL
        self._called(MEDIA_CALL)
        return ask_for_media(
            self._http,
            f"{self.API_BASE_URL}{MEDIA_CALL}",
            token=self.access_token,
            media_id=media_id,
            limit_bytes=limit_bytes,
            timeout=self._timeout,
        )

    @property
    def access_token(self) -> str:
        token: str = self.in_use.token
        return token

    def _request(self, method: str, url_or_endpoint: str, **kwargs: Any) -> Any:
        base = kwargs.pop("api_base_url", self.API_BASE_URL)
        url = url_or_endpoint if "://" in url_or_endpoint else f"{base}{url_or_endpoint}"
        if url.startswith(f"{OFFICIAL_API_URL}/"):
            url = f"{self._api_url}{url.removeprefix(OFFICIAL_API_URL)}"
        self.in_use.kind = urlsplit(url).path.removeprefix("/cgi-bin/").lstrip("/")
        self._called(self.in_use.kind)
        return super()._request(method, url, **kwargs)

    def _decode_result(self, res: requests.Response) -> Any:
        result = super()._decode_result(res)
        if isinstance(result, dict) and not _is_error_code(result.get("errcode", 0)):
            raise WeChatApiError.no_answer("the answer's error code is not a number", was_sent=True)
        return result


def _http_failure(response: requests.Response | None) -> WeChatApiError:
    if response is None:
        return WeChatApiError.no_answer("HTTP failure", was_sent=True)
    was_sent = may_have_taken_effect(response.status_code, response.content)
    return WeChatApiError.no_answer(f"HTTP status {response.status_code}", was_sent=was_sent)


def _is_error_code(value: object) -> bool:
    return isinstance(value, int) or (isinstance(value, str) and value.lstrip("-").isdecimal())


def _whole_seconds(value: object) -> int:
    """Read a lifetime; one that cannot be read is taken as the shortest."""
    if isinstance(value, str):
        return int(value) if value.isdecimal() else 0
    return int(value) if isinstance(value, int) else 0
