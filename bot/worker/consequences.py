"""What a refusal means beyond the one message: for the citizen's quota, and for the account."""

from bot.channels.base import DeliveryFailed, Remedy
from core.channels import services as accounts
from core.channels.states import AlarmCode
from core.conversations import services
from core.conversations.states import HeldFor
from core.messaging import ChannelAddress
from core.unit_of_work import UnitOfWork

# What people must see to, by the platform's code; any other refusal is one nobody knows yet.
ALARMS = {
    40002: AlarmCode.CREDENTIALS_REFUSED,
    40013: AlarmCode.CREDENTIALS_REFUSED,
    40125: AlarmCode.CREDENTIALS_REFUSED,
    40164: AlarmCode.ADDRESS_NOT_ALLOWED,
    45009: AlarmCode.CALLS_USED,
    48001: AlarmCode.PASSIVE_ONLY,
    48004: AlarmCode.ACCOUNT_LIMITED,
    50002: AlarmCode.ACCOUNT_LIMITED,
    89501: AlarmCode.ADMIN_MUST_CONFIRM,
    89503: AlarmCode.ADMIN_MUST_CONFIRM,
    89506: AlarmCode.ADMIN_MUST_CONFIRM,
    89507: AlarmCode.ADMIN_MUST_CONFIRM,
}
WORTH_AN_ALARM = frozenset({Remedy.ALARM, Remedy.PASSIVE_ONLY, Remedy.RETRY_TOMORROW})


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
        case Remedy.PASSIVE_ONLY:
            accounts.set_passive_only(uow, address.channel, address.account, reason=failure.reason)
    if failure.remedy in WORTH_AN_ALARM:
        alarm = ALARMS.get(failure.platform_code or 0, AlarmCode.UNKNOWN_REFUSAL)
        accounts.raise_alarm(uow, address.channel, address.account, alarm, failure.reason)
