"""What became of the questions, entry by entry."""

from datetime import timedelta

from core.conversations import quality
from core.conversations.services import Reply, record_turn
from tests.builders import a_message, an_address


def turn(uow, reason, *, intent="faq", ranking=("loss",), address=None):
    given = {"address": address} if address else {}
    message = a_message(uow, **given)
    record_turn(
        uow,
        message.id,
        replies=[Reply(text="好", reason=reason)],
        understanding={
            "intent": intent,
            "ranking": [{"intent": f"faq/{slug}", "confidence": 0.5} for slug in ranking],
        },
    )
    uow.session.flush()
    return message


def figures(uow, slug, **since):
    found = quality.of_entries(uow.session, since=uow.now - timedelta(**since or {"days": 30}))
    one = found.get(slug, quality.Quality())
    return one.sure, one.offered, one.missed, one.unhelpful


def test_answers_offers_and_misses_are_counted(uow):
    turn(uow, {"kind": "faq", "slug": "loss"})
    turn(uow, {"kind": "people_only", "slug": "loss"})
    turn(uow, {"kind": "suggestions", "slugs": ["loss", "fund"]}, intent="faq_unsure")
    turn(uow, {"kind": "miss"}, intent="nlu_fallback", ranking=("fund", "loss"))

    assert figures(uow, "loss") == (2, 1, 0, 0)
    assert figures(uow, "fund") == (0, 1, 1, 0)


def test_a_follow_up_is_not_another_question(uow):
    turn(uow, {"kind": "faq", "slug": "loss", "part": "fee"})

    assert figures(uow, "loss") == (0, 0, 0, 0)


def test_a_complaint_counts_against_the_answer_before_it(uow):
    citizen = an_address()
    turn(uow, {"kind": "faq", "slug": "fund"}, address=citizen)
    turn(uow, {"kind": "faq", "slug": "loss"}, address=citizen)
    turn(uow, {"kind": "miss"}, intent="complain_about_answer", address=citizen)
    turn(uow, {"kind": "miss"}, intent="complain_about_answer")

    assert figures(uow, "loss") == (1, 0, 0, 1)
    assert figures(uow, "fund") == (1, 0, 0, 0)


def test_what_is_older_is_not_counted(uow):
    turn(uow, {"kind": "faq", "slug": "loss"})
    uow.now += timedelta(days=31)

    assert figures(uow, "loss") == (0, 0, 0, 0)
    assert figures(uow, "loss", days=32) == (1, 0, 0, 0)
