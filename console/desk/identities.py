"""How the desk names where a citizen writes, and what it tells of the citizen's page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.citizens import queries
from core.conversations import queries as conversations
from core.messaging import ChannelName
from core.unit_of_work import UnitOfWork

# What opens a citizen's own pages is for the citizen's eyes.
KEY = re.compile(r"(/c/go/)[\w-]+")
SITE_NAME = "网站在线咨询"


@dataclass(frozen=True)
class PageState:
    """`has_read_all` when the newest words have been on the citizen's screen."""

    is_open: bool
    has_read_all: bool
    seen_at: Any


def without_keys(text: str) -> str:
    return KEY.sub(r"\1……（仅市民可见）", text)


def name_account(names: Mapping[Any, str], identity: Any) -> str:
    """Name the account as it is registered; the site is registered nowhere."""
    if identity.channel is ChannelName.WEB:
        return SITE_NAME
    return names.get((identity.channel, identity.account), identity.account)


def page_state(uow: UnitOfWork, conversation: Any) -> PageState | None:
    """Tell whether the citizen has the chat open; None on channels that do not say."""
    if conversation.identity.channel is not ChannelName.WEB:
        return None
    presence = queries.presence(uow.session, conversation.id, uow.now)
    if presence is None:
        return PageState(is_open=False, has_read_all=False, seen_at=None)
    unread = conversations.thread(
        uow.session, conversation.id, after_seq=presence.read_seq, limit=50
    )
    return PageState(
        is_open=presence.is_open,
        has_read_all=not any(message.delivery is not None for message in unread),
        seen_at=presence.seen_at,
    )
