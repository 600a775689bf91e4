"""What the bot is measured with, as data: apart from what it learns, labelled, large enough."""

import re
from collections import Counter
from functools import cache
from typing import Any

import pytest
import yaml

from tests.nlu.test_data import DATA, domain, entries, examples, plain

SETS = ("development", "test", "gold", "must_refuse", "out_of_scope")
ASKED = ("development", "test")
STYLES = {"colloquial", "long", "typo", "voice", "dialect", "double", "traditional", "short"}
DISTANCES = {"near", "far"}
DECIDED = {"faq", "faq_unsure", "nlu_fallback"}
"""Decided from the ranking, so no text can be labelled with them."""


@cache
def rows_of(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load((DATA / "evaluation" / f"{name}.yml").read_text(encoding="utf-8"))


def questions(*names: str) -> list[dict[str, Any]]:
    return [row for name in names for row in rows_of(name)]


def intents(row: dict[str, Any]) -> list[str]:
    return row["intents"] if "intents" in row else [row["intent"]]


def key(text: str) -> str:
    return plain(text) or text


def learnt() -> set[str]:
    forms = {form for entry in entries() for form in [entry["question"], *entry["variants"]]}
    marked = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")
    forms |= {marked.sub(r"\1", form) for found in examples().values() for form in found}
    return {key(form) for form in forms}


@cache
def faq_labels() -> set[str]:
    return {f"faq/{entry['slug']}" for entry in entries()}


@cache
def wishes() -> set[str]:
    return set(domain()["intents"]) - DECIDED - {"out_of_scope", "not_covered"}


def counts(*names: str) -> Counter[str]:
    """A message with two questions counts for neither: it tests the parting, not the question."""
    return Counter(row["intent"] for row in questions(*names) if "intent" in row)


def few(labels: set[str], found: Counter[str], least: int) -> dict[str, int]:
    return {label: found[label] for label in sorted(labels) if found[label] < least}


# --- every row ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SETS)
def test_a_row_has_a_text_a_label_and_perhaps_a_kind(name):
    allowed = ({"text", "intent"}, {"text", "intent", "kind"}, {"text", "intents", "kind"})

    wrong = [row for row in questions(name) if set(row) not in allowed or not row["text"]]

    assert wrong == []


@pytest.mark.parametrize("name", SETS)
def test_every_label_is_known(name):
    known = faq_labels() | wishes() | {"out_of_scope"}

    assert {label for row in questions(name) for label in intents(row)} - known == set()


def test_no_text_is_longer_than_a_message():
    assert [row["text"] for row in questions(*SETS) if len(row["text"]) > 200] == []


def test_no_text_stands_twice_over_all_sets():
    found = Counter(key(row["text"]) for row in questions(*SETS))

    assert [text for text, times in found.items() if times > 1] == []


def test_nothing_is_measured_with_a_form_that_is_learnt():
    forms = learnt()

    assert [row["text"] for row in questions(*SETS) if key(row["text"]) in forms] == []


# --- what citizens ask ----------------------------------------------------------------------


def test_every_question_of_the_faq_is_asked_in_both_sets_and_three_times_over_both():
    labels = faq_labels()

    assert few(labels, counts("development"), 1) == {}
    assert few(labels, counts("test"), 2) == {}
    assert few(labels, counts(*ASKED), 3) == {}


def test_every_wish_is_said_in_both_sets_and_eight_times_over_both():
    assert few(wishes(), counts("development"), 2) == {}
    assert few(wishes(), counts("test"), 4) == {}
    assert few(wishes(), counts(*ASKED), 8) == {}


@pytest.mark.parametrize("name", ASKED)
def test_every_way_of_writing_stands_in_both_sets(name):
    kinds = Counter(row.get("kind", "plain") for row in questions(name))

    assert set(kinds) == STYLES | {"plain"}
    assert few(STYLES, kinds, 8) == {}


@pytest.mark.parametrize("name", ASKED)
def test_two_different_intents_make_a_double_question_and_nothing_else_does(name):
    pairs = [row for row in questions(name) if "intents" in row or row.get("kind") == "double"]

    assert pairs
    assert [row for row in pairs if row.get("kind") != "double"] == []
    assert [row for row in pairs if len(set(row.get("intents", []))) != 2] == []


def test_what_speech_recognition_wrote_has_no_punctuation():
    spoken = [row["text"] for row in questions(*ASKED) if row.get("kind") == "voice"]

    assert [text for text in spoken if re.search("[，。？！、,?!]", text)] == []


def test_traditional_characters_are_really_in_what_is_called_traditional():
    written = [row["text"] for row in questions(*ASKED) if row.get("kind") == "traditional"]

    assert [
        text for text in written if text == text.encode("gb2312", "ignore").decode("gb2312")
    ] == []


def test_nothing_out_of_scope_stands_among_what_citizens_ask():
    assert counts(*ASKED)["out_of_scope"] == 0


# --- what must be answered, and what must not -----------------------------------------------


def test_gold_asks_at_least_120_different_questions_of_the_faq():
    labels = [row["intent"] for row in questions("gold")]

    assert len(set(labels)) == len(labels) >= 120
    assert set(labels) <= faq_labels()


def test_out_of_scope_has_at_least_220_questions_and_80_near_ones():
    kinds = Counter(row["kind"] for row in questions("out_of_scope"))

    assert set(kinds) == DISTANCES
    assert sum(kinds.values()) >= 220
    assert kinds["near"] >= 80


def test_at_least_sixty_near_questions_must_be_refused():
    rows = questions("must_refuse")

    assert len(rows) >= 60
    assert {row["kind"] for row in rows} == {"near"}


@pytest.mark.parametrize("name", ["out_of_scope", "must_refuse"])
def test_what_is_refused_is_labelled_out_of_scope(name):
    assert set(counts(name)) == {"out_of_scope"}
