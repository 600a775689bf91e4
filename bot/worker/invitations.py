"""What a citizen who named the account in public is told: to write in private."""

import hashlib
from collections.abc import Iterable

# The notices that say so, each in other words: platforms refuse an account that says the
# same thing under post after post (Weibo 20017 and 20019).
_PREFIX = "invitation_"


def choose_invitation(notices: Iterable[str], mention_key: str) -> str:
    """Return the name of an invitation, always the same one for the same mention."""
    invitations = sorted(name for name in notices if is_invitation(name))
    digest = hashlib.sha256(mention_key.encode()).digest()
    return invitations[int.from_bytes(digest) % len(invitations)]


def is_invitation(notice: str) -> bool:
    return notice.startswith(_PREFIX)
