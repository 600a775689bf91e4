"""What the trainer makes is a model to Rasa, and hears the same inside it as outside."""

import asyncio
from pathlib import Path

import pytest
from rasa.core.agent import Agent

from nlu.trainer import hearing, packages

DATA = Path(__file__).parents[3] / "nlu_data" / "evaluation"


@pytest.fixture(scope="module")
def made(model, tmp_path_factory):
    """The program's model, packed again around the same classifier."""
    made = tmp_path_factory.mktemp("made") / "20260102-000000.tar.gz"
    packages.write(model, packages.read(model).ranker, made)
    return made


def test_rasa_hears_what_the_gate_heard(made):
    agent, reader = Agent.load(str(made)), packages.read(made)
    asked = hearing.read_sets(DATA)[::60]

    for one in asked:
        parsed = asyncio.run(agent.parse_message(one.text))
        heard = hearing.hear(reader, one.text)
        if heard.is_answer:
            selected = parsed["response_selector"]["faq"]["response"]
            assert selected["intent_response_key"] == heard.answered
        else:
            assert parsed["intent"]["name"] == (
                heard.answered or ("faq_unsure" if heard.offered else "nlu_fallback")
            )
    assert len(asked) > 20


def test_the_rules_of_the_program_are_inside(made, model):
    assert Agent.load(str(made)).domain.as_dict() == Agent.load(model).domain.as_dict()
