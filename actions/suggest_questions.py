from actions.base import TO_A_PERSON, DeskAction, Events, Speaker
from actions.fallback import own_up
from actions.turns import Turn
from actions.words import wording
from core.knowledge import queries as knowledge
from core.messaging import Choice
from core.unit_of_work import UnitOfWork

MOST_SUGGESTIONS = 3


class ActionSuggestQuestions(DeskAction):
    """Let the citizen choose among the likeliest questions of the store."""

    def name(self) -> str:
        return "action_suggest_questions"

    def act(self, uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Events:
        likely = turn.likely_slugs[:MOST_SUGGESTIONS]
        found = {entry.slug: entry for entry in knowledge.published(uow.session, likely)}
        entries = [found[slug] for slug in likely if slug in found]
        if not entries:
            own_up(uow, turn, speaker)
            return []
        speaker.respond(
            "utter_suggestions",
            choices=[
                *(Choice(entry.question, entry.question) for entry in entries),
                Choice(wording()["none_of_these"], TO_A_PERSON.says),
            ],
            reason={"kind": "suggestions", "slugs": [entry.slug for entry in entries]},
        )
        return []
