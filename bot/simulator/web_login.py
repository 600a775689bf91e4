"""The codes of 网页授权: each names a citizen once, to the account it was given for."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.simulator.errors import ApiError

CODE_LIFETIME = timedelta(minutes=5)


@dataclass
class LoginCode:
    account_key: str
    openid: str
    scope: str
    expires_at: datetime
    is_snapshot: bool = False
    is_used: bool = False


class LoginCodes:
    def __init__(self) -> None:
        self._codes: dict[str, LoginCode] = {}

    def give(
        self, account_key: str, openid: str, scope: str, now: datetime, *, is_snapshot: bool = False
    ) -> str:
        text = secrets.token_hex(16)
        self._codes[text] = LoginCode(
            account_key, openid, scope, now + CODE_LIFETIME, is_snapshot=is_snapshot
        )
        return text

    def exchange(self, text: str, account_key: str, now: datetime) -> LoginCode:
        """Return whom the code names, or refuse it as the platform does."""
        code = self._codes.get(text)
        if code is None or code.account_key != account_key or code.expires_at <= now:
            raise ApiError(40029)
        if code.is_used:
            raise ApiError(40163)
        code.is_used = True
        return code
