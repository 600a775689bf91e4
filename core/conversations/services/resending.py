"""Promise once more whatever an account could not deliver."""

from core.conversations.queries import dead_letters
from core.conversations.services.delivering import send_again
from core.messaging import ChannelName
from core.unit_of_work import UnitOfWork

# A burst longer than this would itself run into the platform's limits.
AT_ONCE = 200


def send_all_again(uow: UnitOfWork, channel: ChannelName, account: str, *, operator_id: int) -> int:
    """Return how many are on their way; of more than `AT_ONCE` the rest stays where it is."""
    found = dead_letters.to_send_again(uow.session, channel, account, limit=AT_ONCE)
    for message_id in found:
        send_again(uow, message_id, operator_id=operator_id)
    return len(found)
