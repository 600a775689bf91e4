from typing import Any

from rasa_sdk.events import SlotSet

from actions.answer_wording import answer_in_full, offered
from actions.base import DeskAction, Events, Speaker
from actions.people_only import leave_to_people
from actions.turns import Turn
from actions.words import wording
from core.conversations.services import clear_misses
from core.errors import DomainError
from core.knowledge import queries as knowledge
from core.knowledge.errors import AnswerRepealed, EntryIsForPeople, EntryNotFound
from core.unit_of_work import UnitOfWork


class ActionAnswerQuestion(DeskAction):
    """Answer from the live store, with the source and its validity, labelled as automatic."""

    def name(self) -> str:
        return "action_answer_question"

    def act(self, uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Events:
        if not turn.likely_slugs:
            raise EntryNotFound(slug=None)
        asked = [turn.likely_slugs[0], *turn.also_asked]
        answered: list[str] = []
        for_people: EntryIsForPeople | None = None
        for number, slug in enumerate(asked, start=1):
            try:
                self._answer(uow, turn, speaker, slug, number, len(asked))
                answered.append(slug)
            except EntryIsForPeople as error:
                for_people = for_people or error
            except DomainError as refused:
                # One that cannot be given must not keep back the others.
                if len(asked) == 1:
                    raise
                self.tell_refusal(refused, speaker)
        if answered:
            clear_misses(uow, turn.conversation_id)
        events: Events = [SlotSet("last_question", answered[-1])] if answered else []
        return events + (leave_to_people(uow, turn, speaker, for_people) if for_people else [])

    def _answer(
        self, uow: UnitOfWork, turn: Turn, speaker: Speaker, slug: str, number: int, count: int
    ) -> None:
        entry = knowledge.get_servable(uow.session, slug, today=uow.today)
        words = answer_in_full(entry)
        if count > 1:
            heading = wording()["one_of_several"].format(number=number, question=entry.question)
            words = f"{heading}\n{words}"
        elif turn.slot("last_question") == slug:
            words = f"{wording()['said_before']}\n\n{words}"
        speaker.say(
            words,
            choices=offered(entry.scope) if number == count else [],
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

    def tell_refusal(self, error: DomainError, speaker: Speaker) -> None:
        super().tell_refusal(error, speaker)
        if isinstance(error, AnswerRepealed) and error.details["successor"]:
            facts: dict[str, Any] = {"successor": error.details["successor"]}
            speaker.respond("utter_successor", **facts)
