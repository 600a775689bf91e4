"""What a refusal means beyond the one message: for the citizen's quota, and for the account.

What people must see to is raised where the calls are watched (`bot/channels/watching.py`).
"""

from bot.channels.base import DeliveryFailed, Remedy
from core.channels import services as accounts
from core.conversations import services
from core.conversations.states import HeldFor
from core.messaging import ChannelAddress
from core.unit_of_work import UnitOfWork


def code_of(failure: DeliveryFailed) -> str:
    """Return the platform's code, or our own word where it gave none."""
    return str(failure.platform_code) if failure.platform_code else failure.remedy.value


def draw_consequences(
    uow: UnitOfWork, conversation_id: int, address: ChannelAddress, failure: DeliveryFailed
) -> None:
    match failure.remedy:
        case Remedy.QUOTA_USED if failure.platform_code:
            services.correct(uow, conversation_id, HeldFor.QUOTA_USED)
        case Remedy.WINDOW_CLOSED:
            services.correct(uow, conversation_id, HeldFor.WINDOW_CLOSED)
        case Remedy.UNREACHABLE:
            services.note_unreachable(uow, conversation_id, code=code_of(failure))
        case Remedy.NO_MENUS:
            accounts.note_menus_refused(uow, address.channel, address.account)
        case Remedy.PASSIVE_ONLY:
            accounts.set_passive_only(uow, address.channel, address.account, reason=failure.reason)
