"""The ledger of what a platform lets us send to a citizen: opened by pushes, spent by sending."""

from sqlalchemy import delete, select

from core.conversations import queries
from core.conversations.allowances import allowance, is_limited
from core.conversations.events import CitizenBecameUnreachable
from core.conversations.models import ChannelIdentity, SendWindow
from core.conversations.states import HeldFor
from core.messaging import InboundMessage, PublicPost, Trigger
from core.unit_of_work import UnitOfWork


def open_window(uow: UnitOfWork, identity: ChannelIdentity, inbound: InboundMessage) -> None:
    """Note what the push allows; the same trigger again starts its window anew."""
    given = allowance(identity.channel, inbound.trigger)
    if given is None:
        return
    # Each mention has its own answer; every other trigger renews the window it opened before.
    post = PublicPost.in_payload(inbound.payload)
    about = post.id if post and inbound.trigger is Trigger.MENTION else ""
    key = {"identity_id": identity.id, "trigger": inbound.trigger, "about": about[:64]}
    # The caller holds the lock of the conversation, so nobody else opens it meanwhile.
    window = uow.session.scalars(select(SendWindow).filter_by(**key)).one_or_none()
    if window is None:
        window = SendWindow(**key)
        uow.session.add(window)
    window.allowed = given.messages
    window.sent = 0
    window.opened_at = uow.now
    window.expires_at = uow.now + given.lasts


def close_windows(uow: UnitOfWork, identity_id: int) -> None:
    """Whoever leaves can be sent nothing."""
    uow.session.execute(delete(SendWindow).where(SendWindow.identity_id == identity_id))


def spend(uow: UnitOfWork, conversation_id: int, messages: int) -> None:
    """Note that so many platform messages went out; the window that closes first pays first."""
    identity = queries.get_for_change(uow.session, conversation_id).identity
    if not is_limited(identity.channel):
        return
    for window in queries.open_windows(uow.session, identity.id, uow.now):
        if window.allowed is None:
            window.sent += messages
            return
        paid = min(messages, max(window.allowed - window.sent, 0))
        window.sent += paid
        messages -= paid
        if not messages:
            return


def note_unreachable(uow: UnitOfWork, conversation_id: int, *, code: str) -> None:
    """The platform says that it cannot reach this citizen: not following, or not wanting to."""
    conversation = queries.get_for_change(uow.session, conversation_id)
    identity = conversation.identity
    if identity.unreachable_since is None:
        identity.unreachable_since = uow.now
        identity.unreachable_code = code
        uow.announce(
            CitizenBecameUnreachable(at=uow.now, conversation_id=conversation_id, code=code)
        )


def correct(uow: UnitOfWork, conversation_id: int, held_for: HeldFor) -> None:
    """The platform's word counts: it takes no more, whatever the ledger says."""
    identity = queries.get_for_change(uow.session, conversation_id).identity
    for window in queries.open_windows(uow.session, identity.id, uow.now):
        if held_for is HeldFor.WINDOW_CLOSED:
            window.expires_at = uow.now
        elif held_for is HeldFor.QUOTA_USED and window.allowed is not None:
            window.sent = window.allowed
