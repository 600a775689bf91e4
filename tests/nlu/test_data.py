"""What the bot learns and says, as data: complete, unambiguous, in step with the actions."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa_sdk.executor import ActionExecutor

import core.cases.errors
import core.conversations.errors
import core.knowledge.errors
from core.cases.states import CaseKind, CaseState
from core.errors import DomainError

ROOT = Path(__file__).parents[2]
DATA = ROOT / "nlu_data"


def read(folder: Path) -> Iterator[dict[str, Any]]:
    for file in sorted(folder.rglob("*.yml")):
        yield yaml.safe_load(file.read_text(encoding="utf-8"))


def entries() -> list[dict[str, Any]]:
    return [entry for content in read(DATA / "faq") for entry in content["entries"]]


def domain() -> dict[str, Any]:
    merged: dict[str, Any] = {"intents": [], "actions": [], "responses": {}, "slots": {}}
    for content in read(DATA / "domain"):
        merged["intents"] += [next(iter(intent)) for intent in content.get("intents") or []]
        merged["actions"] += content.get("actions") or []
        merged["responses"] |= content.get("responses") or {}
        merged["slots"] |= content.get("slots") or {}
        merged.setdefault("forms", {}).update(content.get("forms") or {})
    return merged


def examples() -> dict[str, list[str]]:
    return {
        block["intent"]: [line.removeprefix("- ") for line in block["examples"].splitlines()]
        for content in read(DATA / "nlu")
        for block in content["nlu"]
    }


def rules() -> list[dict[str, Any]]:
    return [rule for content in read(DATA / "dialogue") for rule in content["rules"]]


def plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


def source_of_actions() -> str:
    files = sorted((ROOT / "actions").rglob("*.py"))
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


# --- questions ------------------------------------------------------------------------------


def test_the_desk_knows_at_least_sixty_questions():
    assert len(entries()) >= 60


def test_slugs_are_unique():
    assert [slug for slug, n in Counter(e["slug"] for e in entries()).items() if n > 1] == []


def test_every_question_is_known_in_at_least_ten_more_forms():
    forms = {
        entry["slug"]: {plain(form) for form in entry["variants"]} - {plain(entry["question"])}
        for entry in entries()
    }

    assert {slug: len(found) for slug, found in forms.items() if len(found) < 10} == {}


def test_no_form_stands_under_two_intents():
    owners: dict[str, set[str]] = {}
    for entry in entries():
        for form in [entry["question"], *entry["variants"]]:
            owners.setdefault(plain(form), set()).add(f"faq/{entry['slug']}")
    for intent, forms in examples().items():
        for form in forms:
            owners.setdefault(plain(form), set()).add(intent)

    assert {form: found for form, found in owners.items() if form and len(found) > 1} == {}


def test_an_answer_fits_into_one_message_and_promises_nothing_vague():
    too_long = [entry["slug"] for entry in entries() if len(entry["answer"]) > 400]
    vague = [entry["slug"] for entry in entries() if re.search("尽快|近期", entry["answer"])]

    assert (too_long, vague) == ([], [])


# --- wishes ---------------------------------------------------------------------------------


def test_every_other_intent_has_at_least_fifteen_examples():
    few = {intent: len(set(forms)) for intent, forms in examples().items() if len(set(forms)) < 15}

    assert few == {}
    assert len(set(examples()["out_of_scope"])) >= 60


def test_every_intent_is_declared_and_every_declared_one_is_learnt():
    # These are decided from the ranking, not learnt from examples.
    decided = {"faq", "faq_unsure", "nlu_fallback"}

    assert set(domain()["intents"]) == set(examples()) | decided


def test_every_intent_has_a_rule_outside_of_the_form():
    ruled = {rule["steps"][0].get("intent") for rule in rules() if "condition" not in rule}

    assert ruled == set(domain()["intents"])


# --- what is said and done ------------------------------------------------------------------


def test_every_action_of_the_domain_exists_and_every_action_is_in_the_domain():
    executor = ActionExecutor()
    executor.register_package("actions")

    assert sorted(domain()["actions"]) == sorted(executor.actions)


# Met by editors and reviewers only; and what is for people is handed to them, not refused.
NEVER_MET = {
    "change_not_found", "change_underway", "entry_changed_meanwhile", "entry_is_for_people",
    "illegal_change_step", "import_not_found", "not_your_change", "nothing_changed",
    "review_note_missing",
    "reviewer_is_author", "slug_invalid", "slug_taken", "stale_change",
}  # fmt: skip


@pytest.mark.parametrize("module", [core.cases, core.conversations, core.knowledge])
def test_every_broken_rule_has_wording(module):
    found = [value for value in vars(module.errors).values() if isinstance(value, type)]
    codes = {error.code for error in found if issubclass(error, DomainError)} - NEVER_MET

    assert {code for code in codes if f"utter_error_{code}" not in domain()["responses"]} == set()


@pytest.mark.parametrize("state", CaseState)
def test_every_state_of_a_case_has_wording(state):
    assert f"utter_case_status_{state}" in domain()["responses"]


def test_every_part_of_the_form_has_its_question_and_its_example():
    said, actions = domain()["responses"], domain()["actions"]
    parts = [*domain()["forms"]["case_form"]["required_slots"], "case_correction"]

    for part in parts:
        assert f"utter_case_not_understood_{part}" in said
        asked = f"ask_case_form_{part}"
        assert f"utter_{asked}" in said or f"action_{asked}" in actions


def test_every_kind_of_case_can_be_named():
    vocabulary = yaml.safe_load((ROOT / "actions/vocabulary.yml").read_text(encoding="utf-8"))

    assert set(vocabulary["kinds"]) == set(CaseKind)
    assert set(vocabulary["kind_by_number"].values()) == set(CaseKind)


def test_every_response_that_is_used_exists():
    ruled = {step.get("action", "") for rule in rules() for step in rule["steps"]}
    named = set(re.findall(r"\butter_[a-z_]+[a-z]\b", source_of_actions())) | ruled
    used = {name for name in named if name.startswith("utter_") and name != "utter_message"}

    assert used - set(domain()["responses"]) == set()


def test_every_response_that_exists_is_used():
    used = source_of_actions() + str(rules())
    spoken_by_form = re.compile(
        "utter_(ask_case_form|error|case_status|case_not_understood)_|utter_ask_case_form"
    )

    idle = [
        name
        for name in domain()["responses"]
        if not spoken_by_form.match(name) and name not in used
    ]

    assert idle == []


def test_what_a_button_says_is_plain_words():
    says = [
        button["payload"]
        for variants in domain()["responses"].values()
        for variant in variants
        for button in variant.get("buttons") or []
    ]

    assert says
    assert [words for words in says if words.startswith("/") or "{" in words] == []
