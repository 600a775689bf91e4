from nlu.evaluate.understanding import understood

LABELS = {"faq/a": "faq/a", "faq/b": "faq/b", "greet": "greet", "out_of_scope": "out_of_scope"}


def ranking(*items):
    return [{"name": name, "confidence": confidence} for name, confidence in items]


def questions(*items):
    return {
        "faq": {
            "ranking": [
                {"intent_response_key": name, "confidence": chance} for name, chance in items
            ]
        }
    }


def parsed(intent, confidence, intents, selector=None):
    return {
        "intent": {"name": intent, "confidence": confidence},
        "intent_ranking": ranking(*intents),
        "response_selector": {"all_retrieval_intents": ["faq"], **(selector or {})},
    }


def test_our_sure_question_is_answered():
    ours = [("faq/a", 0.8), ("greet", 0.3)]

    found = understood(parsed("faq", 0.8, ours, questions(("faq/a", 0.8))), LABELS)

    assert (found.best, found.answered, found.offered) == ("faq/a", "faq/a", ())
    assert found.in_scope == 0.8


def test_our_unsure_question_is_offered():
    ours = [("faq/a", 0.5), ("faq/b", 0.4)]

    found = understood(
        parsed("faq_unsure", 0.7, ours, questions(("faq/a", 0.5), ("faq/b", 0.4))), LABELS
    )

    assert (found.best, found.answered, found.offered) == ("faq/a", None, ("faq/a", "faq/b"))


def test_a_fallback_is_no_answer_but_has_a_best_guess():
    found = understood(parsed("nlu_fallback", 0.2, [("faq/b", 0.2), ("greet", 0.1)]), LABELS)

    assert (found.best, found.answered, found.is_refusal) == ("faq/b", None, True)


def test_a_refusal_that_was_learnt_is_not_in_scope_however_sure():
    found = understood(
        parsed("out_of_scope", 0.9, [("out_of_scope", 0.9), ("faq/a", 0.05)]), LABELS
    )

    assert (found.is_refusal, found.in_scope) == (True, 0.05)


def test_a_rule_that_overrules_the_ranking_is_the_best_guess():
    found = understood(parsed("greet", 0.6, [("faq/a", 0.5), ("greet", 0.4)]), LABELS)

    assert found.ranking == ("greet", "faq/a")
    assert found.in_scope == 0.6


def test_what_was_never_learnt_is_acted_upon_but_is_no_guess():
    found = understood(parsed("emergency", 0.5, [("faq/a", 0.4)]), LABELS)

    assert (found.answered, found.best) == ("emergency", "faq/a")


def test_rasas_one_faq_intent_is_spread_over_its_questions():
    selector = {"default": questions(("faq/b", 0.75), ("faq/a", 0.25))["faq"]}

    found = understood(
        parsed("faq", 0.8, [("faq", 0.8), ("greet", 0.3), ("out_of_scope", 0.1)], selector), LABELS
    )

    assert found.answered == "faq/b"
    assert found.ranking == ("faq/b", "greet", "faq/a", "out_of_scope")
    assert found.in_scope == 0.8 * 0.75


def test_rasas_fallback_does_not_stand_in_the_ranking():
    selector = {"default": questions(("faq/a", 0.9))["faq"]}
    intents = [("nlu_fallback", 0.3), ("greet", 0.2), ("faq", 0.2)]

    found = understood(parsed("nlu_fallback", 0.3, intents, selector), LABELS)

    assert (found.answered, found.ranking) == (None, ("greet", "faq/a"))


def test_names_that_rasa_learnt_are_told_as_the_labels_of_the_set():
    found = understood(parsed("q1", 0.9, [("q1", 0.9), ("q2", 0.1)]), {"q1": "天气", "q2": "新闻"})

    assert (found.answered, found.ranking) == ("天气", ("天气", "新闻"))


def test_nothing_to_read_has_neither_guess_nor_score():
    found = understood(parsed("nonsense", 1.0, []), LABELS)

    assert (found.best, found.is_refusal, found.in_scope) == (None, True, 0.0)
