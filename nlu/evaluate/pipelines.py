"""The pipelines that are compared, and what each is given to learn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from nlu.decision import DANGER, FALLBACK, FAQ, FAQ_UNSURE, FOLLOW_UP, LODGE, NOTHING_TO_READ
from nlu.evaluate.rows import OUT_OF_SCOPE, Lesson
from nlu.training_data import TrainingData, Wish, one_line

ROOT = Path(__file__).parents[2]
FAST_EPOCHS = 10

# The peers do not decide these themselves, but Rasa wants every intent declared.
_DECIDED = (FAQ, FAQ_UNSURE, FALLBACK, DANGER, LODGE, FOLLOW_UP, NOTHING_TO_READ, OUT_OF_SCOPE)


@dataclass(frozen=True)
class Pipeline:
    """`config` is Rasa's; None is the baseline without Rasa. `epochs` are fewer than it says."""

    name: str
    title: str
    config: Path | None
    is_peer: bool = True
    epochs: int | None = None

    @property
    def is_slow(self) -> bool:
        return self.is_peer and self.config is not None and self.epochs is None

    def config_text(self) -> str:
        if self.config is None:
            return ""
        text = self.config.read_text(encoding="utf-8")
        if self.epochs is None:
            return text
        content = yaml.safe_load(text)
        for component in content["pipeline"]:
            if "epochs" in component:
                component["epochs"] = self.epochs
        return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)


OWN = Pipeline("own", "本系统", ROOT / "config" / "rasa" / "config.yml", is_peer=False)
CHAR_NGRAMS = Pipeline("char_ngrams", "字符 n 元基线", None)
RASA_DEFAULT = Pipeline("rasa_default", "Rasa 默认", Path(__file__).parent / "rasa_default.yml")
CHOICES: Mapping[str, tuple[Pipeline, ...]] = {
    "none": (OWN,),
    "baseline": (OWN, CHAR_NGRAMS),
    "all": (OWN, CHAR_NGRAMS, RASA_DEFAULT),
}


def chosen(peers: str, *, fast: bool) -> tuple[Pipeline, ...]:
    """Return the pipelines to compare; one trained for less is no longer called the default."""
    if not fast:
        return CHOICES[peers]
    return tuple(
        replace(
            pipeline,
            name="rasa_shortened",
            title=f"Rasa 缩短训练（{FAST_EPOCHS} 轮，不代表默认）",
            epochs=FAST_EPOCHS,
        )
        if pipeline is RASA_DEFAULT
        else pipeline
        for pipeline in CHOICES[peers]
    )


@dataclass(frozen=True)
class Prepared:
    """What the trainer is called with, and the labels behind the names that Rasa learns."""

    data: TrainingData
    folder: Path
    config: Path | None
    labels: Mapping[str, str]


def prepare(pipeline: Pipeline, lesson: Lesson, build: Path) -> Prepared:
    """Write what the pipeline learns from, the way `nlu_data` is laid out."""
    config = None
    if pipeline.config is not None:
        config = build / "config.yml"
        config.write_text(pipeline.config_text(), encoding="utf-8")
    if lesson.folder is not None and pipeline is OWN:
        return Prepared(lesson.data, lesson.folder, config, lesson.labels)
    # A store of nothing but questions is one retrieval intent, and Rasa's classifier needs two.
    groups_questions = pipeline is OWN or (config is not None and lesson.folder is not None)
    data, labels = (lesson.data, lesson.labels) if groups_questions else _flat(lesson)
    _write_folder(data, build)
    return Prepared(data, build, config, labels)


def _flat(lesson: Lesson) -> tuple[TrainingData, Mapping[str, str]]:
    """Return every label as an intent of its own, under a name without a slash."""
    wishes = [
        *(Wish(f"faq.{question.slug}", question.forms, "") for question in lesson.data.questions),
        *lesson.data.wishes,
    ]
    labels = {name.replace("/", "."): label for name, label in lesson.labels.items()}
    return TrainingData((), tuple(wishes)), labels


def _write_folder(data: TrainingData, folder: Path) -> None:
    for name in ("domain", "nlu", "dialogue"):
        (folder / name).mkdir(parents=True)
    intents = dict.fromkeys([*_DECIDED, *(wish.intent for wish in data.wishes)])
    responses = {
        f"utter_faq/{question.slug}": [{"text": question.forms[0]}] for question in data.questions
    }
    _write(folder / "domain" / "domain.yml", {"intents": list(intents), "responses": responses})
    if data.wishes:
        learnt = [
            {"intent": wish.intent, "examples": _examples(wish.forms)} for wish in data.wishes
        ]
        _write(folder / "nlu" / "wishes.yml", {"nlu": learnt})


def _examples(forms: Sequence[str]) -> str:
    return "".join(f"- {one_line(form)}\n" for form in forms)


def _write(file: Path, content: dict[str, object]) -> None:
    text = yaml.safe_dump({"version": "3.1", **content}, allow_unicode=True, width=10_000)
    file.write_text(text, encoding="utf-8")
