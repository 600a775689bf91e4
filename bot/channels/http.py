"""Calling a platform over HTTP: bounded waits, nothing shared, no token in any log."""

import logging
import re
from http import HTTPStatus
from http.cookiejar import DefaultCookiePolicy

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import NewConnectionError

CONNECT_TIMEOUT_SECONDS = 3.0
ANSWER_TIMEOUT_SECONDS = 5.0

# Too many requests, no service for now (RFC 6585, RFC 9110): nothing was done. Any other status
# leaves open what was done behind it.
_REFUSED_UNDONE = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


def open_session() -> requests.Session:
    """Return a session without what threads would share: cookies, proxies read from outside."""
    logging.getLogger("urllib3.connectionpool").addFilter(_tokens_hidden)
    session = requests.Session()
    session.trust_env = False
    # A redirect would repeat a citizen's text to some other address.
    session.max_redirects = 0
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    adapter = HTTPAdapter(pool_connections=4, pool_maxsize=16)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def was_sent(error: requests.RequestException) -> bool:
    """Say whether the request may have reached the platform."""
    if isinstance(error, requests.ConnectTimeout):
        return False
    cause = error.args[0] if error.args else None
    return not isinstance(getattr(cause, "reason", None), NewConnectionError)


def may_have_taken_effect(status: int, body: bytes) -> bool:
    """Say whether a call was perhaps done that something else than the API has answered."""
    return status not in _REFUSED_UNDONE or body.lstrip().startswith(b"{")


class _TokensHidden(logging.Filter):
    """urllib3 logs the addresses it calls, and ours hold the token."""

    _SECRET = re.compile(r"(access_token=)[^&\s]+")

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                self._SECRET.sub(r"\1…", arg) if isinstance(arg, str) else arg
                for arg in record.args
            )
        return True


_tokens_hidden = _TokensHidden()
