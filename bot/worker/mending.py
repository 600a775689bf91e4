"""Mend what a crash or an outage left behind; every step may be done twice without harm."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from bot.dialogue import Dialogue
from core import jobs
from core.bootstrap import Core
from core.cases import services as cases
from core.conversations import queries, services
from core.media import queries as media_queries
from core.media import services as media

logger = logging.getLogger(__name__)

# Long after every ordinary retry, so that only what was truly lost is found.
ORPHANED_AFTER = timedelta(minutes=2)


@dataclass(frozen=True)
class Mending:
    core: Core
    dialogue: Dialogue

    def return_from_outage(self) -> int:
        """Let the bot answer what it could not while it was away and nobody took over."""
        with self.core.unit_of_work() as uow:
            stranded = [row.id for row in queries.stranded_by_outage(uow.session)]
        if not stranded or not self.dialogue.is_well():
            return 0
        returned = 0
        for conversation_id in stranded:
            with self.core.unit_of_work() as uow:
                returned += services.return_from_outage(uow, conversation_id)
        logger.info("conversations returned to the bot", extra={"count": returned})
        return returned

    def promise_again(self) -> int:
        """Find messages and deliveries whose job is gone, and promise them once more."""
        with self.core.unit_of_work() as uow:
            before = uow.now - ORPHANED_AFTER
            orphans = queries.orphans(uow.session, received_before=before)
            owed = queries.undelivered_since(uow.session, before)
            for conversation_id in dict.fromkeys(row.conversation_id for row in orphans):
                jobs.defer(uow, jobs.answer_messages(conversation_id))
            for conversation_id in owed:
                jobs.defer(uow, jobs.deliver_replies(conversation_id))
            media.promise_again(
                uow, media_queries.forgotten(uow.session, wanted_before=before, now=uow.now)
            )
        if orphans:
            logger.warning("orphaned messages found", extra={"count": len(orphans)})
        return len(orphans)

    def mark_phones(self) -> int:
        """Make phone numbers comparable that were sealed by an earlier version."""
        with self.core.unit_of_work() as uow:
            return cases.mark_phones(uow)
