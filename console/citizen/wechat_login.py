"""WeChat tells who has opened a page (网页授权, snsapi_base): the address to go to, and the answer.

The code that the browser brings back is worth one exchange within five minutes. People share
addresses, click twice and go back, so a spent code is no error: they are sent round again.
"""

import logging
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import quote, urlencode

import httpx

from config.accounts import WeChatAccount

logger = logging.getLogger(__name__)

ATTEMPTS = 2
BUSY = -1
# 40029 not valid, 40163 used before, 42003 too old.
SPENT_CODES = frozenset({40029, 40163, 42003})
MAX_OPENID = 64


class Trouble(StrEnum):
    SPENT_CODE = "spent_code"  # ask for another one
    SNAPSHOT = "snapshot"  # WeChat shows a snapshot of the page to somebody it does not name
    REFUSED = "refused"  # the settings of the account disagree with ours
    AWAY = "away"


@dataclass(frozen=True)
class Named:
    openid: str


def authorize_address(open_url: str, account: WeChatAccount, *, back_to: str, state: str) -> str:
    """Return where the browser is sent; the platform reads the parameters in this order."""
    query = urlencode(
        {
            "appid": account.app_id,
            "redirect_uri": back_to,
            "response_type": "code",
            "scope": "snsapi_base",
            "state": state,
        },
        quote_via=quote,
    )
    return f"{open_url.rstrip('/')}/connect/oauth2/authorize?{query}#wechat_redirect"


class WebLogin:
    """Exchanges codes for OpenIDs. Safe to share between threads."""

    def __init__(
        self,
        api_url: str,
        *,
        timeout_seconds: float = 5.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._client = httpx.Client(
            base_url=api_url,
            timeout=httpx.Timeout(timeout_seconds, connect=3.0),
            trust_env=False,
            follow_redirects=False,
            transport=transport,
        )

    def exchange(self, account: WeChatAccount, code: str) -> Named | Trouble:
        """Ask who brought the code. An answer that was lost is asked for once more."""
        query = {
            "appid": account.app_id,
            "secret": account.app_secret.get_secret_value(),
            "code": code,
            "grant_type": "authorization_code",
        }
        for _ in range(ATTEMPTS):
            answer = self._ask(query)
            if answer is not None:
                return self._read(answer)
        return Trouble.AWAY

    def _ask(self, query: dict[str, str]) -> dict[str, Any] | None:
        """Return the platform's answer; None when there is none worth reading."""
        try:
            answer = self._client.get("/sns/oauth2/access_token", params=query)
            answer.raise_for_status()
            said = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            # The error's own words hold the address, and that holds the secret.
            logger.warning("WeChat did not say who it is", extra={"error": type(error).__name__})
            return None
        if not isinstance(said, dict) or said.get("errcode") == BUSY:
            return None
        return said

    def _read(self, said: dict[str, Any]) -> Named | Trouble:
        errcode = said.get("errcode") or 0
        if errcode in SPENT_CODES:
            return Trouble.SPENT_CODE
        if errcode:
            logger.error("WeChat refuses web login", extra={"errcode": errcode})
            return Trouble.REFUSED
        if said.get("is_snapshotuser"):
            return Trouble.SNAPSHOT
        openid = said.get("openid")
        if not isinstance(openid, str) or not 0 < len(openid) <= MAX_OPENID:
            logger.error("WeChat named nobody")
            return Trouble.REFUSED
        return Named(openid)
