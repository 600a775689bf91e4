from actions.answer_wording import answer_words, part_of
from actions.base import TO_A_PERSON, DeskAction, Events, Speaker
from actions.case_form.recognising import first_named
from actions.people_only import leave_to_people
from actions.turns import Turn
from actions.words import vocabulary
from core.knowledge import queries as knowledge
from core.knowledge.errors import EntryIsForPeople
from core.unit_of_work import UnitOfWork


class ActionAnswerDetails(DeskAction):
    """Answer "and the materials?" from the entry answered last."""

    def name(self) -> str:
        return "action_answer_details"

    def act(self, uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Events:
        slug, part = turn.slot("last_question"), first_named(turn.text, vocabulary()["details"])
        if slug is None or part is None:
            speaker.respond("utter_no_answer_yet")
            return []
        try:
            entry = knowledge.get_servable(uow.session, slug, today=uow.today)
        except EntryIsForPeople as error:
            return leave_to_people(uow, turn, speaker, error)
        words = part_of(entry, part)
        if not words:
            speaker.respond("utter_detail_unknown", question=entry.question)
            return []
        speaker.say(
            "\n\n".join([entry.question, words, answer_words()["label"]]),
            choices=[TO_A_PERSON],
            reason={"kind": "faq", "slug": slug, "version": entry.version, "part": part},
        )
        return []
