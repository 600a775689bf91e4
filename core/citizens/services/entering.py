"""Citizens come to the office's own pages, known by their identity on a channel."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import delete, select

from core.citizens import queries
from core.citizens.errors import PageLinkSpent
from core.citizens.events import CitizenEnteredPages, CitizenLeftPages
from core.citizens.models import PageLink
from core.conversations import queries as conversations
from core.conversations.errors import CitizenUnreachable, NotYourConversation
from core.conversations.models import ChannelIdentity, Message
from core.conversations.services import identify, say_as_desk
from core.conversations.states import ConversationState
from core.events import citizen_actor, operator_actor
from core.messaging import ChannelAddress, ChannelName
from core.unit_of_work import UnitOfWork

LINK_HOLDS = timedelta(minutes=15)
KEPT_AFTER_END = timedelta(days=1)
TOKEN_BYTES = 24


def enter_pages(uow: UnitOfWork, address: ChannelAddress) -> ChannelIdentity:
    """Let in whom the platform has named."""
    identity = identify(uow, address)
    _announce_entered(uow, identity, way="web_login")
    return identity


def leave_pages(uow: UnitOfWork, identity_id: int) -> None:
    """End every session of this identity on the pages, in whatever browser."""
    identity = queries.get_identity(uow.session, identity_id)
    identity.page_version = ChannelIdentity.page_version + 1
    uow.announce(
        CitizenLeftPages(
            at=uow.now,
            actor=citizen_actor(identity.citizen_id),
            citizen_id=identity.citizen_id,
            identity_id=identity.id,
        )
    )


def offer_page_link(uow: UnitOfWork, identity_id: int) -> str:
    """Return a token that lets its bearer in once, within a few minutes; only its hash is kept."""
    uow.session.execute(delete(PageLink).where(PageLink.expires_at < uow.now - KEPT_AFTER_END))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    uow.session.add(
        PageLink(
            token_hash=_hash(token),
            identity_id=identity_id,
            created_at=uow.now,
            expires_at=uow.now + LINK_HOLDS,
        )
    )
    uow.session.flush()
    return token


def open_page_link(uow: UnitOfWork, token: str, *, browser: str) -> ChannelIdentity:
    """Let in who has the link; afterwards it opens only in the same browser.

    Two who open it at once: the second waits here, and finds it spent.
    """
    link = uow.session.scalars(
        select(PageLink).filter_by(token_hash=_hash(token)).with_for_update(of=PageLink)
    ).one_or_none()
    if link is None or link.expires_at <= uow.now:
        raise PageLinkSpent
    if link.opened_by is not None and link.opened_by != _hash(browser):
        raise PageLinkSpent
    if link.opened_at is None:
        link.opened_at, link.opened_by = uow.now, _hash(browser)
        _announce_entered(uow, link.identity, way="page_link")
    return link.identity


def page_entrance(
    uow: UnitOfWork,
    conversation_id: int,
    *,
    web_login_accounts: Collection[str],
    page: str = "mine",
) -> str:
    """Return the address by which the citizen of this conversation comes to own cases.

    Where the platform names its people to us, the address may be opened again and again,
    by anybody, and leads everybody to what is theirs; else it is a key.
    """
    identity = conversations.get(uow.session, conversation_id).identity
    if identity.channel is ChannelName.WEB:
        return uow.office.page(page)
    if identity.channel is ChannelName.WECHAT and identity.account in web_login_accounts:
        return uow.office.page(f"enter/{identity.account}?next=/c/{page}")
    token = offer_page_link(uow, identity.id)
    return uow.office.page(f"go/{token}?next=/c/{page}" if page != "mine" else f"go/{token}")


def send_entrance(
    uow: UnitOfWork, conversation_id: int, *, operator_id: int, web_login_accounts: Collection[str]
) -> Message:
    """The operator who speaks with the citizen sends the way to the own cases."""
    require_held(uow, conversation_id, operator_id)
    address = page_entrance(uow, conversation_id, web_login_accounts=web_login_accounts)
    text = uow.office.notice("my_page", address=address)
    return say_as_desk(uow, conversation_id, text=text, actor=operator_actor(operator_id))


def require_held(uow: UnitOfWork, conversation_id: int, operator_id: int) -> None:
    """Refuse whoever does not speak in the conversation, as with every other word."""
    conversation = conversations.get_for_change(uow.session, conversation_id)
    if conversation.state is not ConversationState.OPERATOR or (
        conversation.operator_id != operator_id
    ):
        raise NotYourConversation(conversation_id=conversation_id)
    if conversation.identity.left_at is not None:
        raise CitizenUnreachable(conversation_id=conversation_id)


def _announce_entered(uow: UnitOfWork, identity: ChannelIdentity, *, way: str) -> None:
    uow.announce(
        CitizenEnteredPages(
            at=uow.now,
            actor=citizen_actor(identity.citizen_id),
            citizen_id=identity.citizen_id,
            identity_id=identity.id,
            way=way,
        )
    )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
