"""Deliver what is owed to a citizen, in order, through the platform's API."""

import logging
from dataclasses import dataclass
from datetime import datetime

from bot.channels.base import DeliveryFailed
from bot.parts import Channels
from core import jobs
from core.bootstrap import Core
from core.conversations import queries, services

logger = logging.getLogger(__name__)

NO_SUCH_ACCOUNT = "no_such_account"
OUTCOME_UNKNOWN = "outcome_unknown"


@dataclass(frozen=True)
class Deliveries:
    core: Core
    channels: Channels

    def deliver(self, conversation_id: int) -> None:
        """Send everything owed in this conversation; what must wait is promised anew."""
        while self._deliver_next(conversation_id):
            pass

    def _deliver_next(self, conversation_id: int) -> bool:
        """Send one message; no transaction is open while the platform answers."""
        with self.core.unit_of_work() as uow:
            leased = services.lease_delivery(uow, conversation_id)
            if leased is None:
                return False
            if isinstance(leased, datetime):
                jobs.defer(uow, jobs.deliver_replies(conversation_id), at=leased)
                return False
            address = queries.get(uow.session, conversation_id).identity.address
            words, said = leased.message.outbound, leased.parts_delivered
        message_id = leased.message_id
        channel = self.channels.get((address.channel, address.account))
        if channel is None:
            self._record_failure(
                conversation_id,
                message_id,
                code=NO_SUCH_ACCOUNT,
                reason=f"公众号 {address.account} 不在设置中",
            )
            return True
        try:
            channel.deliver(address, words, parts_delivered=said)
        except DeliveryFailed as failure:
            return self._judge(conversation_id, message_id, failure)
        with self.core.unit_of_work() as uow:
            services.record_delivery(uow, message_id)
        return True

    def _judge(self, conversation_id: int, message_id: int, failure: DeliveryFailed) -> bool:
        """Decide between another attempt and a failure that staff can see.

        What may have arrived is not sent again by itself: a citizen must not
        get the same words twice, so a person decides.
        """
        logger.warning(
            "message not delivered",
            extra={"message_id": message_id, "remedy": failure.remedy, "reason": failure.reason},
        )
        code = str(failure.platform_code) if failure.platform_code else failure.remedy
        return self._record_failure(
            conversation_id,
            message_id,
            code=OUTCOME_UNKNOWN if failure.is_outcome_unknown else code,
            reason=failure.reason,
            can_retry=failure.retryable and not failure.is_outcome_unknown,
            parts_delivered=failure.parts_delivered,
        )

    def _record_failure(
        self,
        conversation_id: int,
        message_id: int,
        *,
        code: str,
        reason: str,
        can_retry: bool = False,
        parts_delivered: int = 0,
    ) -> bool:
        """Return whether to go on with the next message at once."""
        with self.core.unit_of_work() as uow:
            next_attempt_at = services.record_delivery_failure(
                uow,
                message_id,
                code=code,
                reason=reason,
                can_retry=can_retry,
                parts_delivered=parts_delivered,
            )
            if next_attempt_at is None:
                return True
            jobs.defer(uow, jobs.deliver_replies(conversation_id), at=next_attempt_at)
            return False
