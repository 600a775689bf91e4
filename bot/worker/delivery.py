"""Deliver what is owed to a citizen, in order, through the platform's API."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime

from bot.channels.base import DeliveryFailed, Remedy
from bot.parts import Channels
from bot.worker.consequences import code_of, draw_consequences
from bot.worker.noticing import Noticing
from core import jobs
from core.bootstrap import Core
from core.channels import queries as accounts
from core.clock import next_midnight
from core.conversations import queries, services
from core.conversations.states import HeldFor
from core.messaging import ChannelAddress, together

logger = logging.getLogger(__name__)

NO_SUCH_ACCOUNT = "no_such_account"

# The platform takes more once the citizen has written again.
HELD_FOR = {
    Remedy.QUOTA_USED: HeldFor.QUOTA_USED,
    Remedy.WINDOW_CLOSED: HeldFor.WINDOW_CLOSED,
    Remedy.PASSIVE_ONLY: HeldFor.PASSIVE_ONLY,
}
ATTEMPTS_WHEN_BUSY = 3


@dataclass(frozen=True)
class Deliveries:
    core: Core
    channels: Channels

    def deliver(self, conversation_id: int) -> None:
        """Send everything owed in this conversation; what must wait is promised anew."""
        while self._deliver_next(conversation_id):
            pass
        Noticing(self.core, self.channels).notify(conversation_id)

    def _deliver_next(self, conversation_id: int) -> bool:
        """Send what fits into one message; no transaction is open while the platform answers."""
        with self.core.unit_of_work() as uow:
            first = services.lease_delivery(uow, conversation_id)
            if first is None:
                return False
            if isinstance(first, datetime):
                jobs.defer(uow, jobs.deliver_replies(conversation_id), at=first)
                return False
            address = queries.get(uow.session, conversation_id).identity.address
            channel = self.channels.get((address.channel, address.account))
            leased = [first]
            if channel is not None:
                leased = services.lease_along(uow, first, how_many=channel.how_many_fit)
            words = together([delivery.message.outbound for delivery in leased])
            identity = queries.get(uow.session, conversation_id).identity
            room = queries.room_for(uow.session, identity, uow.now)
            key = (address.channel, address.account)
            if not accounts.may_offer_menus(uow.session, *key, uow.now):
                words = replace(words, has_plain_choices=True)
        message_ids = [delivery.message_id for delivery in leased]
        if channel is None:
            reason = f"公众号 {address.account} 不在设置中"
            failure = DeliveryFailed(reason, remedy=Remedy.BUG)
            return self._judge(conversation_id, address, message_ids, failure, code=NO_SUCH_ACCOUNT)
        try:
            taken = channel.deliver(
                address, words, parts_delivered=first.parts_delivered, at_most=room.left
            )
        except DeliveryFailed as failure:
            return self._judge(conversation_id, address, message_ids, failure)
        with self.core.unit_of_work() as uow:
            for message_id in message_ids:
                services.record_delivery(uow, message_id)
            services.spend(uow, conversation_id, taken)
        return True

    def _judge(
        self,
        conversation_id: int,
        address: ChannelAddress,
        message_ids: list[int],
        failure: DeliveryFailed,
        *,
        code: str = "",
    ) -> bool:
        """Keep the failure where staff see it; return whether to go on at once.

        What may have arrived is not sent again by itself: a citizen must not
        get the same words twice, so a person decides.
        """
        logger.warning(
            "message not delivered",
            extra={"messages": message_ids, "remedy": failure.remedy, "reason": failure.reason},
        )
        is_busy = failure.remedy is Remedy.RETRY_BRIEFLY
        parts_delivered = failure.parts_delivered if len(message_ids) == 1 else 0
        with self.core.unit_of_work() as uow:
            services.spend(uow, conversation_id, failure.messages_taken)
            draw_consequences(uow, conversation_id, address, failure)
            next_attempts_at = [
                services.record_unknown_outcome(
                    uow, message_id, reason=failure.reason, parts_delivered=parts_delivered
                )
                if failure.is_outcome_unknown
                else services.record_delivery_failure(
                    uow,
                    message_id,
                    code=code or code_of(failure),
                    reason=failure.reason,
                    can_retry=failure.retryable,
                    max_attempts=ATTEMPTS_WHEN_BUSY if is_busy else services.MAX_ATTEMPTS,
                    retry_at=_again_at(failure.remedy, uow.now),
                    held_for=HELD_FOR.get(failure.remedy),
                    parts_delivered=parts_delivered,
                )
                for message_id in message_ids
            ]
            due = [moment for moment in next_attempts_at if moment is not None]
            if due:
                jobs.defer(uow, jobs.deliver_replies(conversation_id), at=max(due))
            return not due


def _again_at(remedy: Remedy, now: datetime) -> datetime | None:
    """Return when the platform takes it, where that is known; such a refusal costs no attempt."""
    if remedy is Remedy.RETRY_TOMORROW:
        return next_midnight(now)
    return now if remedy is Remedy.NO_MENUS else None
