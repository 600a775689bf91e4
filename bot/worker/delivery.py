"""Deliver what is owed to a citizen, in order, through the platform's API."""

import logging
from dataclasses import dataclass
from datetime import datetime

from bot.channels.base import DeliveryFailed, Remedy
from bot.parts import Channels
from core import jobs
from core.bootstrap import Core
from core.conversations import queries, services
from core.messaging import together

logger = logging.getLogger(__name__)

NO_SUCH_ACCOUNT = "no_such_account"
OUTCOME_UNKNOWN = "outcome_unknown"

# The platform takes more once the citizen has written again.
WAIT_FOR_CITIZEN = frozenset({Remedy.QUOTA_USED, Remedy.WINDOW_CLOSED})


@dataclass(frozen=True)
class Deliveries:
    core: Core
    channels: Channels

    def deliver(self, conversation_id: int) -> None:
        """Send everything owed in this conversation; what must wait is promised anew."""
        while self._deliver_next(conversation_id):
            pass

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
        message_ids = [delivery.message_id for delivery in leased]
        if channel is None:
            failure = DeliveryFailed(f"公众号 {address.account} 不在设置中", remedy=Remedy.ALARM)
            return self._record(conversation_id, message_ids, failure, code=NO_SUCH_ACCOUNT)
        try:
            channel.deliver(address, words, parts_delivered=first.parts_delivered)
        except DeliveryFailed as failure:
            return self._judge(conversation_id, message_ids, failure)
        with self.core.unit_of_work() as uow:
            for message_id in message_ids:
                services.record_delivery(uow, message_id)
        return True

    def _judge(self, conversation_id: int, message_ids: list[int], failure: DeliveryFailed) -> bool:
        """Name the failure: what the platform said, or that nobody knows.

        What may have arrived is not sent again by itself: a citizen must not
        get the same words twice, so a person decides.
        """
        logger.warning(
            "message not delivered",
            extra={"messages": message_ids, "remedy": failure.remedy, "reason": failure.reason},
        )
        code = str(failure.platform_code) if failure.platform_code else failure.remedy
        if failure.is_outcome_unknown:
            code = OUTCOME_UNKNOWN
        return self._record(conversation_id, message_ids, failure, code=code)

    def _record(
        self, conversation_id: int, message_ids: list[int], failure: DeliveryFailed, *, code: str
    ) -> bool:
        """Keep the failure where staff see it; return whether to go on at once."""
        with self.core.unit_of_work() as uow:
            next_attempts_at = [
                services.record_delivery_failure(
                    uow,
                    message_id,
                    code=code,
                    reason=failure.reason,
                    can_retry=failure.retryable and not failure.is_outcome_unknown,
                    waits_for_citizen=failure.remedy in WAIT_FOR_CITIZEN,
                    parts_delivered=failure.parts_delivered if len(message_ids) == 1 else 0,
                )
                for message_id in message_ids
            ]
            due = [moment for moment in next_attempts_at if moment is not None]
            if due:
                jobs.defer(uow, jobs.deliver_replies(conversation_id), at=max(due))
            return not due
