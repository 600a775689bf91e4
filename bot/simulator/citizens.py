"""The people in front of the simulated phones."""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

OPENID_LENGTH = 28
# The first is about to ask for the first time; the last has yet to find the account.
DEMO_NAMES = ("孙晓燕", "王建国", "李秀英", "陈晓雯", "赵志强", "周雨桐")


class UnknownCitizen(LookupError):
    """No citizen has the OpenID."""


class TooManyCitizens(Exception):
    """The simulator holds as many citizens as it may."""


@dataclass
class Citizen:
    """Someone who may follow one account; an OpenID is worth nothing at another.

    `has_left` is who followed and follows no more, unlike who never did.
    """

    openid: str
    name: str
    account_key: str
    is_following: bool = True
    has_left: bool = False
    last_seen_at: datetime | None = None
    last_push_id: str | None = None
    sees_typing_until: datetime | None = None
    tag_ids: set[int] = field(default_factory=set)
    consents: Counter[str] = field(default_factory=Counter)  # notices wanted, by template
    blocks_notices: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "openid": self.openid,
            "name": self.name,
            "account": self.account_key,
            "is_following": self.is_following,
            "tags": sorted(self.tag_ids),
            "has_left": self.has_left,
        }


class Citizens:
    """`known_id` gives the same id for the same name, `new_id` one that nobody has had."""

    def __init__(
        self,
        *,
        at_most: int,
        known_id: Callable[[str, str], str] | None = None,
        new_id: Callable[[], str] | None = None,
    ) -> None:
        self._by_openid: dict[str, Citizen] = {}
        self._at_most = at_most
        self._known_id = known_id or known_openid
        self._new_id = new_id or new_openid

    def __iter__(self) -> Iterator[Citizen]:
        return iter(self._by_openid.values())

    def __len__(self) -> int:
        return len(self._by_openid)

    def add(
        self, account_key: str, *, name: str = "", openid: str = "", is_following: bool = True
    ) -> Citizen:
        if len(self._by_openid) >= self._at_most:
            raise TooManyCitizens
        if not openid and name:
            openid = self._known_id(account_key, name)
        if not openid or openid in self._by_openid:
            openid = self._new_id()
        name = name or f"市民{len(self._by_openid) + 1}"
        citizen = Citizen(openid, name, account_key, is_following)
        self._by_openid[openid] = citizen
        return citizen

    def get(self, openid: str) -> Citizen:
        try:
            return self._by_openid[openid]
        except KeyError:
            raise UnknownCitizen(openid) from None

    def find(self, openid: str) -> Citizen | None:
        return self._by_openid.get(openid)


def known_openid(account_key: str, name: str) -> str:
    """Make the same OpenID for the same name, so that a restart finds the old conversations."""
    digest = hashlib.sha256(f"{account_key}\n{name}".encode()).digest()
    return ("o" + urlsafe_b64encode(digest).decode())[:OPENID_LENGTH]


def new_openid() -> str:
    return ("o" + secrets.token_urlsafe(OPENID_LENGTH))[:OPENID_LENGTH]
