"""Rasa's own commands work on what is written for them."""

import asyncio
import json
from pathlib import Path

from rasa import model_testing
from rasa.shared.importers.importer import TrainingDataImporter

from nlu import rasa_files, training_data

ROOT = Path(__file__).parents[2]
DATA = ROOT / "nlu_data"


def test_rasa_reads_every_form_and_every_word_of_the_dictionary(tmp_path):
    count = rasa_files.write(DATA, tmp_path)

    importer = TrainingDataImporter.load_from_config(
        str(ROOT / "config/rasa/config.yml"), str(DATA / "domain"), [str(tmp_path / "data")]
    )
    read = importer.get_nlu_data()

    assert len(read.intent_examples) == count
    assert {table["name"] for table in read.lookup_tables} == {"department", "district"}
    assert importer.get_stories().story_steps


def test_rasas_own_test_measures_the_model(model, tmp_path):
    rasa_files.write(DATA, tmp_path)
    few = tmp_path / "few.yml"
    few.write_text(
        'version: "3.1"\nnlu:\n'
        "- intent: faq/id_card_lost\n  examples: |\n    - 身份证丢了咋补\n    - 补身份证\n"
        "- intent: greet\n  examples: |\n    - 你好呀\n    - 您好\n",
        encoding="utf-8",
    )

    asyncio.run(
        model_testing.test_nlu(
            str(model), str(few), str(tmp_path / "out"), {"no_plot": True, "errors": True}
        )
    )

    report = json.loads((tmp_path / "out" / "intent_report.json").read_text())
    assert report["greet"]["support"] == 2
    assert report["faq"]["recall"] == 1.0


def test_the_test_set_has_the_labels_of_the_store(tmp_path):
    rasa_files.write(DATA, tmp_path)
    known = {f"faq/{question.slug}" for question in training_data.load(DATA).questions}

    written = (tmp_path / "test_nlu.yml").read_text(encoding="utf-8")

    asked = {line.split(": ")[1] for line in written.splitlines() if "intent: faq/" in line}
    assert asked
    assert asked <= known
