"""Access tokens: two families that do not disturb each other, each with its own renewal."""

import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.simulator.errors import ApiError
from core.clock import OFFICE_TIMEZONE

LIFETIME = timedelta(seconds=7200)
OVERLAP = timedelta(minutes=5)
FORCED_REFRESHES_A_DAY = 20
BETWEEN_FORCED_REFRESHES = timedelta(seconds=30)


class TokenFamily(StrEnum):
    BASIC = "token"
    STABLE = "stable_token"


@dataclass
class Token:
    text: str
    account_key: str
    family: TokenFamily
    expires_at: datetime
    # Set when a newer token takes over or the token is revoked.
    superseded_at: datetime | None = None

    def expires_in_seconds(self, now: datetime) -> int:
        return int((self.expires_at - now).total_seconds())


class TokenOffice:
    def __init__(self) -> None:
        self._tokens: dict[str, Token] = {}
        self._current: dict[tuple[str, TokenFamily], Token] = {}
        self._forced_at: dict[str, datetime] = {}
        self._forced: Counter[tuple[str, date]] = Counter()

    def issue_basic(self, account_key: str, now: datetime) -> Token:
        """Issue a new token; the former one stays valid for the five minutes of the hand-over."""
        return self._issue(account_key, TokenFamily.BASIC, now, former_ends_at=now + OVERLAP)

    def issue_stable(self, account_key: str, now: datetime, *, force_refresh: bool) -> Token:
        """Return the token in force, or a new one when it is about to expire or by force."""
        if force_refresh:
            self._count_forced_refresh(account_key, now)
            return self._issue(account_key, TokenFamily.STABLE, now, former_ends_at=now)
        current = self.current(account_key, TokenFamily.STABLE)
        if current and not current.superseded_at and now < current.expires_at - OVERLAP:
            return current
        return self._issue(account_key, TokenFamily.STABLE, now, former_ends_at=now + OVERLAP)

    def account_of(self, text: str, now: datetime) -> str:
        """Return the account a presented token speaks for, or refuse it."""
        if not text:
            raise ApiError(41001)
        token = self._tokens.get(text)
        if token is None:
            raise ApiError(40001)
        if now >= token.expires_at:
            raise ApiError(42001)
        if token.superseded_at is not None and now >= token.superseded_at:
            raise ApiError(40001)
        return token.account_key

    def current(self, account_key: str, family: TokenFamily) -> Token | None:
        return self._current.get((account_key, family))

    def revoke(self, account_key: str, now: datetime) -> None:
        """Make every token of the account worthless at once."""
        for token in self._tokens.values():
            if token.account_key == account_key:
                token.superseded_at = now

    def _issue(
        self, account_key: str, family: TokenFamily, now: datetime, *, former_ends_at: datetime
    ) -> Token:
        self._forget_long_expired(now)
        former = self.current(account_key, family)
        if former is not None:
            ends_at = former.superseded_at or former_ends_at
            former.superseded_at = min(ends_at, former_ends_at)
        token = Token(f"sim_{secrets.token_urlsafe(96)}", account_key, family, now + LIFETIME)
        self._tokens[token.text] = self._current[account_key, family] = token
        return token

    def _count_forced_refresh(self, account_key: str, now: datetime) -> None:
        last = self._forced_at.get(account_key)
        if last is not None and now - last < BETWEEN_FORCED_REFRESHES:
            raise ApiError(45011)
        day = (account_key, now.astimezone(OFFICE_TIMEZONE).date())
        if self._forced[day] >= FORCED_REFRESHES_A_DAY:
            raise ApiError(45009)
        self._forced[day] += 1
        self._forced_at[account_key] = now

    def _forget_long_expired(self, now: datetime) -> None:
        for text in [t.text for t in self._tokens.values() if now - t.expires_at > LIFETIME]:
            del self._tokens[text]
