"""What was said in a recording that came without words, where a speech service is set up."""

import logging
from dataclasses import dataclass

from bot.speech import NotRecognised, Recording, SpeechService
from bot.worker.fetching import Fetching
from core.bootstrap import Core
from core.conversations import queries, services
from core.conversations.states import MessageOutcome
from core.media import queries as media
from core.media.states import UNSETTLED, AttachmentState
from core.media.storing import MediaStore
from core.messaging import InboundKind
from core.texts.cleaning import clean_text

logger = logging.getLogger(__name__)


class NotHeardYet(Exception):
    """The recording is on its way, or in other hands: worth asking again soon."""


@dataclass(frozen=True)
class Hearing:
    core: Core
    fetching: Fetching
    store: MediaStore
    service: SpeechService | None

    def hear(self, message_id: int) -> str:
        """Return the words of a recording, empty where there are none, or raise NotHeardYet."""
        if self.service is None:
            return ""
        state = self.fetching.fetch(message_id)
        if state in UNSETTLED:
            raise NotHeardYet(state)
        recording = self._recording(message_id) if state is AttachmentState.STORED else None
        if recording is None:
            return ""
        try:
            words = clean_text(self.service.recognise(recording))
        except NotRecognised as failure:
            extra = {"message_id": message_id, "reason": str(failure)}
            logger.warning("recording not recognised", extra=extra)
            return ""
        if words:
            with self.core.unit_of_work() as uow:
                services.record_recognition(uow, message_id, words)
        return words

    def hear_for_people(self, message_id: int) -> None:
        """Write the words below a recording that an operator is to answer."""
        with self.core.unit_of_work() as uow:
            message = queries.get_message(uow.session, message_id)
            is_wanted = (
                message.kind is InboundKind.VOICE
                and not message.text
                and message.outcome is MessageOutcome.HANDED_OVER
                and media.get(uow.session, message_id).state is AttachmentState.STORED
            )
        if is_wanted:
            self.hear(message_id)

    def _recording(self, message_id: int) -> Recording | None:
        with self.core.unit_of_work() as uow:
            file = media.get(uow.session, message_id).file
        place = self.store.path_of(file.sha256) if file else None
        if file is None or place is None:
            return None
        return Recording(place.read_bytes(), file.mime)
