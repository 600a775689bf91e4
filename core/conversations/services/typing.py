"""The citizen sees that an answer is being written, as often as the platform likes to be told."""

from datetime import timedelta

from core import jobs
from core.conversations import queries
from core.conversations.models import Conversation
from core.conversations.states import ConversationState
from core.messaging import ChannelAddress, ChannelName
from core.unit_of_work import UnitOfWork

# WeChat shows the state for some seconds, refuses it while it stands (45081), and takes it
# only within 30 seconds of what the citizen did (45080).
SHOWN_AGAIN_AFTER = timedelta(seconds=10)
SHOWN_WITHIN = timedelta(seconds=30)


def claim_typing(uow: UnitOfWork, conversation_id: int) -> ChannelAddress | None:
    """Return whom to show that the bot is writing; None: not now. Counts as shown."""
    conversation = queries.get_for_change(uow.session, conversation_id)
    return conversation.identity.address if _is_shown_now(uow, conversation) else None


def note_typing(uow: UnitOfWork, conversation_id: int, *, operator_id: int) -> bool:
    """An operator is writing a reply: promise to show it; False when it is not shown now."""
    conversation = queries.get_for_change(uow.session, conversation_id)
    holds = conversation.state is ConversationState.OPERATOR
    if not holds or conversation.operator_id != operator_id:
        return False
    if not _is_shown_now(uow, conversation):
        return False
    jobs.defer(uow, jobs.show_typing(conversation_id))
    return True


def _is_shown_now(uow: UnitOfWork, conversation: Conversation) -> bool:
    heard, shown = conversation.last_inbound_at, conversation.typing_shown_at
    if conversation.identity.channel is not ChannelName.WECHAT:
        return False
    if heard is None or uow.now - heard > SHOWN_WITHIN:
        return False
    if shown is not None and uow.now - shown < SHOWN_AGAIN_AFTER:
        return False
    if not queries.room_for(uow.session, conversation.identity, uow.now).is_open:
        return False
    conversation.typing_shown_at = uow.now
    return True
