import pytest

from nlu.decision import Thresholds, decide
from nlu.ranker import Ranked, Ranking

THRESHOLDS = Thresholds(sure=0.6, offer=0.4, wish=0.45, follow_up=0.75)


def ranking(*items, among=0.0):
    return Ranking(tuple(Ranked(label, confidence) for label, confidence in items), among)


@pytest.mark.parametrize(
    ("given", "intent"),
    [
        (ranking(("faq/a", 0.61)), "faq"),
        (ranking(("faq/a", 0.59), ("faq/b", 0.3), among=0.8), "faq_unsure"),
        (ranking(("faq/a", 0.59), among=0.39), "nlu_fallback"),
        (ranking(("greet", 0.46)), "greet"),
        (ranking(("greet", 0.44)), "nlu_fallback"),
        (ranking(("greet", 0.44), ("faq/a", 0.2), among=0.5), "faq_unsure"),
        (ranking(("ask_details", 0.7)), "nlu_fallback"),
        (ranking(("ask_details", 0.76)), "ask_details"),
        (ranking(), "nonsense"),
        (ranking(("not_covered", 0.9), ("faq/a", 0.05)), "nlu_fallback"),
    ],
)
def test_the_chances_decide_what_the_dialogue_goes_by(given, intent):
    assert decide("问题", given, THRESHOLDS).intent == intent


@pytest.mark.parametrize(
    "text", ["家里着火了怎么办", "闻到煤气味了", "我不想活了", "真的活不下去了", "有人持刀"]
)
def test_words_of_danger_outweigh_every_ranking(text):
    assert decide(text, ranking(("faq/a", 0.99)), THRESHOLDS).intent == "emergency"


@pytest.mark.parametrize("text", ["房子着火了保险怎么赔偿", "落水救人有什么补贴"])
def test_rules_about_dangers_are_not_dangers(text):
    assert decide(text, ranking(("faq/a", 0.99)), THRESHOLDS).intent == "faq"


def test_who_lodges_a_complaint_is_not_told_how_to_lodge_one():
    lodged = decide("我要投诉楼下饭店油烟大", ranking(("faq/fume", 0.96)), THRESHOLDS)
    asked = decide("我要投诉饭店油烟找谁", ranking(("faq/fume", 0.96)), THRESHOLDS)

    assert (lodged.intent, asked.intent) == ("open_case", "faq")


def test_several_questions_are_one_answer_after_the_other():
    decision = decide("问题", ranking(("faq/b", 0.5), ("faq/a", 0.3), among=0.9), THRESHOLDS)

    both = decision.asking(["faq/a", "faq/b"])

    assert (both.intent, both.also_asked) == ("faq", ("faq/b",))
    assert [item.label for item in both.ranking.items] == ["faq/a", "faq/b"]
    assert decision.asking([]) is decision
