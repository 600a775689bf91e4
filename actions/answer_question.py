from typing import Any

from rasa_sdk.events import SlotSet

from actions.answer_wording import answer_in_full
from actions.base import LEAVE_A_CASE, TO_A_PERSON, DeskAction, Events, Speaker
from actions.people_only import leave_to_people
from actions.turns import Turn
from core.conversations.services import clear_misses
from core.errors import DomainError
from core.knowledge import queries as knowledge
from core.knowledge.errors import AnswerRepealed, EntryIsForPeople, EntryNotFound
from core.knowledge.states import EntryScope
from core.unit_of_work import UnitOfWork


class ActionAnswerQuestion(DeskAction):
    """Answer from the live store, with the source and its validity, labelled as automatic."""

    def name(self) -> str:
        return "action_answer_question"

    def act(self, uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Events:
        if not turn.likely_slugs:
            raise EntryNotFound(slug=None)
        slug = turn.likely_slugs[0]
        try:
            entry = knowledge.get_servable(uow.session, slug, today=uow.today)
        except EntryIsForPeople as error:
            return leave_to_people(uow, turn, speaker, error)
        needs_local_facts = entry.scope is EntryScope.LOCAL
        speaker.say(
            answer_in_full(entry),
            choices=[TO_A_PERSON, LEAVE_A_CASE] if needs_local_facts else [TO_A_PERSON],
            reason={
                "kind": "faq",
                "slug": slug,
                "question": entry.question,
                "version": entry.version,
                "confidence": round(turn.confidence, 3),
                "documents": [
                    {"document": reference.document, "article": reference.article}
                    for reference in entry.references
                ],
            },
        )
        clear_misses(uow, turn.conversation_id)
        return [SlotSet("last_question", slug)]

    def tell_refusal(self, error: DomainError, speaker: Speaker) -> None:
        super().tell_refusal(error, speaker)
        if isinstance(error, AnswerRepealed) and error.details["successor"]:
            facts: dict[str, Any] = {"successor": error.details["successor"]}
            speaker.respond("utter_successor", **facts)
