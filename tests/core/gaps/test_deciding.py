"""A person decides on a group; whatever is learnt from it passes a second person."""

import pytest

from core.errors import NotFoundError
from core.gaps import queries
from core.gaps.errors import IllegalGapStep, NoQuestionChosen
from core.gaps.models import Gap, GapGroup
from core.gaps.services import assign_group, dismiss_group, place_gaps, reopen_group, start_entry
from core.gaps.states import GapKind, GapState
from core.knowledge import queries as knowledge
from core.knowledge.states import ChangeState
from core.operators.permissions import Role
from tests.builders import a_draft, a_message, an_entry, an_operator

EAST = [1.0, 0.0]


def a_group(uow, *texts, **given):
    """Return a group of these questions."""
    gaps = []
    for text in texts or ("怎么给狗上户口",):
        message = a_message(uow, text=text)
        gaps.append(
            Gap(
                message_id=message.id,
                conversation_id=message.conversation_id,
                kind=GapKind.MISSED,
                text=text,
                asked_at=uow.now,
                **given,
            )
        )
    uow.session.add_all(gaps)
    uow.session.flush()
    place_gaps(uow, {gap.id: EAST for gap in gaps})
    return gaps[0].group


@pytest.fixture
def editor(uow):
    return an_operator(uow, Role.EDITOR)


def test_questions_go_to_review_as_ways_of_asking_for_the_entry(uow, editor):
    an_entry(uow, slug="pets", question="怎么办犬证？", variants=["养狗办证"])
    group = a_group(uow, "给狗上户口", "狗证咋办")

    change = assign_group(uow, group.id, "pets", ["给狗上户口", "狗证咋办"], operator_id=editor.id)

    assert change.state is ChangeState.IN_REVIEW
    assert change.content.variants == ["养狗办证", "给狗上户口", "狗证咋办"]
    assert knowledge.get(uow.session, "pets").variants == ["养狗办证"]
    assert (group.state, group.slug, group.change_id) == (GapState.ASSIGNED, "pets", change.id)


def test_what_is_known_already_is_not_added_twice(uow, editor):
    an_entry(uow, slug="pets", question="怎么办犬证？", variants=["养狗办证"])

    change = assign_group(
        uow,
        a_group(uow).id,
        "pets",
        ["养狗办证！", "狗证咋办", "狗证咋办？"],
        operator_id=editor.id,
    )

    assert change.content.variants == ["养狗办证", "狗证咋办"]


def test_a_second_group_for_the_entry_goes_into_the_same_review(uow, editor):
    an_entry(uow, slug="pets", question="怎么办犬证？", variants=["养狗办证"])
    first = assign_group(uow, a_group(uow).id, "pets", ["狗证"], operator_id=editor.id)
    other = a_group(uow, "猫要办证吗")
    reopen = other.state is GapState.ASSIGNED
    assert not reopen or reopen_group(uow, other.id, operator_id=editor.id)

    second = assign_group(uow, other.id, "pets", ["猫要办证吗"], operator_id=editor.id)

    assert second.id == first.id
    assert second.state is ChangeState.IN_REVIEW
    assert second.content.variants == ["养狗办证", "狗证", "猫要办证吗"]


def test_a_new_entry_begins_as_a_draft_of_whoever_began_it(uow, editor):
    group = a_group(uow)

    change = start_entry(
        uow,
        group.id,
        a_draft(uow, slug="pet_register", variants=["怎么给狗上户口"]),
        operator_id=editor.id,
    )

    assert (change.state, change.author_id) == (ChangeState.DRAFT, editor.id)
    assert change.is_new
    assert group.state is GapState.ASSIGNED


def test_nothing_is_learnt_from_an_empty_choice(uow, editor):
    an_entry(uow, slug="pets")

    with pytest.raises(NoQuestionChosen):
        assign_group(uow, a_group(uow).id, "pets", [" ", "？"], operator_id=editor.id)


def test_two_people_cannot_decide_on_one_group(uow, editor):
    an_entry(uow, slug="pets")
    group = a_group(uow)
    dismiss_group(uow, group.id, reason="不归我们管", operator_id=editor.id)

    with pytest.raises(IllegalGapStep):
        assign_group(uow, group.id, "pets", ["狗证"], operator_id=editor.id)


def test_a_decision_can_be_taken_back(uow, editor):
    group = a_group(uow)
    dismiss_group(uow, group.id, reason="不归我们管", operator_id=editor.id)

    reopen_group(uow, group.id, operator_id=editor.id)

    assert (group.state, group.reason, group.decided_by_id) == (GapState.OPEN, "", None)


def test_an_unknown_group_is_told(uow, editor):
    with pytest.raises(NotFoundError):
        dismiss_group(uow, 987_654, reason="", operator_id=editor.id)


def test_more_of_what_was_dismissed_joins_it_in_silence(uow, editor):
    group = a_group(uow)
    dismiss_group(uow, group.id, reason="", operator_id=editor.id)

    again = a_group(uow, "狗的户口")

    assert again.id == group.id
    assert again.state is GapState.DISMISSED
    assert uow.session.query(GapGroup).count() == 1


def test_the_bots_guesses_are_proposed_but_not_what_did_not_help(uow):
    gaps = [
        Gap(kind=GapKind.MISSED, text="a", guesses=["pets", "move"]),
        Gap(kind=GapKind.UNHELPFUL, text="b", guesses=["lost", "pets"], answered_with="lost"),
    ]

    assert queries.likely_entries(gaps) == ["pets", "move"]
