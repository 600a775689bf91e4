"""Looking through the knowledge base."""

from datetime import date, timedelta

import pytest

from core.knowledge import queries
from core.knowledge.queries import EntryFilter
from core.knowledge.services import withdraw_entry
from core.knowledge.states import EntryScope, EntryState
from tests.builders import an_entry

TODAY = date(2026, 3, 2)


def slugs(entries):
    return [entry.slug for entry in entries]


@pytest.fixture(autouse=True)
def entries(uow):
    an_entry(uow, slug="id_card_lost", question="身份证丢了怎么补领？")
    an_entry(uow, slug="id_card_fee", question="办身份证要多少钱？", answer="交工本费 100%。")
    an_entry(uow, slug="tax_rate", topic="tax", topic_title="税务", question="税率是多少？")


def test_entries_are_listed_by_topic(uow):
    assert slugs(queries.listed(uow.session, EntryFilter())) == [
        "id_card_lost",
        "id_card_fee",
        "tax_rate",
    ]
    assert slugs(queries.listed(uow.session, EntryFilter(topic="tax"))) == ["tax_rate"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("补领", ["id_card_lost", "tax_rate"]),
        ("工本费", ["id_card_fee"]),
        ("100%", ["id_card_fee"]),
        ("%", ["id_card_fee"]),
        ("_", ["id_card_lost", "id_card_fee", "tax_rate"]),  # every name has one
        ("没有这回事", []),
    ],
)
def test_entries_are_found_by_words_of_question_and_answer(uow, words, found):
    assert slugs(queries.listed(uow.session, EntryFilter(words=words))) == found


def test_topics_are_told_with_the_number_of_their_entries(uow):
    assert queries.topics(uow.session) == [("id_card", "身份证", 2), ("tax", "税务", 1)]


def test_named_entries_are_served_only_while_published(uow):
    withdraw_entry(uow, "id_card_fee", reason="待核实", actor="operator:3")
    uow.session.flush()

    named = queries.published(uow.session, ["id_card_lost", "id_card_fee", "nothing"])

    assert slugs(named) == ["id_card_lost"]
    assert queries.published(uow.session, []) == []


def test_entries_to_be_reviewed_soon_are_found_the_first_due_on_top(uow):
    an_entry(uow, slug="soon", review_by=TODAY + timedelta(days=10))
    an_entry(uow, slug="late", review_by=TODAY - timedelta(days=1))
    an_entry(uow, slug="then", review_by=TODAY + timedelta(days=11))
    an_entry(uow, slug="gone", review_by=TODAY)
    withdraw_entry(uow, "gone", reason="废止", actor="operator:3")

    due = queries.due_for_review(uow.session, today=TODAY, within=timedelta(days=10))

    assert slugs(due) == ["late", "soon"]
    assert slugs(queries.listed(uow.session, EntryFilter(review_before=TODAY))) == ["late"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"words": "居民身份证法"}, ["id_card_lost", "id_card_fee", "tax_rate"]),
        ({"words": "id_card_f"}, ["id_card_fee"]),
        ({"scope": EntryScope.LOCAL}, []),
        ({"state": EntryState.WITHDRAWN}, []),
        ({"is_people_only": True}, []),
        ({"slugs": ["tax_rate", "nothing"]}, ["tax_rate"]),
        ({"slugs": []}, []),
        ({"lacks_references": True}, []),
        ({"fewer_variants_than": 2}, ["id_card_lost", "id_card_fee", "tax_rate"]),
        ({"fewer_variants_than": 1}, []),
    ],
)
def test_entries_are_narrowed_by_what_editors_look_for(uow, wanted, found):
    assert slugs(queries.listed(uow.session, EntryFilter(**wanted))) == found


def test_entries_of_some_units_are_found(uow):
    [entry] = queries.listed(uow.session, EntryFilter(slugs=["tax_rate"]))

    mine = queries.listed(uow.session, EntryFilter(department_ids=[entry.department_id]))

    assert slugs(mine) == ["tax_rate"]


def test_question_forms_are_searched_as_they_are_written(uow):
    an_entry(uow, slug="odd", variants=['他说“行”吗\\"'])

    assert slugs(queries.listed(uow.session, EntryFilter(words="他说“行”"))) == ["odd"]


def test_coverage_tells_where_a_topic_is_thin(uow):
    an_entry(
        uow, slug="rule", topic="tax", topic_title="税务", scope=EntryScope.PLATFORM,
        references=[], variants=["一", "二", "三"],
    )  # fmt: skip
    an_entry(
        uow, slug="old", topic="tax", topic_title="税务", scope=EntryScope.LOCAL, local_gap="窗口",
        references=[], review_by=TODAY - timedelta(days=1),
    )  # fmt: skip
    withdraw_entry(uow, "id_card_fee", reason="废止", actor="operator:3")
    uow.session.flush()

    id_card, tax = queries.coverage(uow.session, today=TODAY, fewest_variants=3)

    assert (id_card.topic, id_card.entries) == ("id_card", 1)
    assert (tax.title, tax.entries, tax.variants, tax.few_variants) == ("税务", 3, 5, 2)
    assert (tax.without_references, tax.past_review) == (1, 1)
