from dataclasses import replace

import pytest

from nlu.evaluate.cache import Cache, Training
from nlu.evaluate.pipelines import Prepared
from nlu.training_data import TrainingData, Wish

COST = Training(
    train_seconds=60.0,
    train_processor_seconds=90.0,
    train_process_seconds=70.0,
    train_memory_mb=900.0,
    load_average=0.5,
)


@pytest.fixture
def prepared(tmp_path):
    config = tmp_path / "config.yml"
    config.write_text("pipeline: []", encoding="utf-8")
    return Prepared(TrainingData((), (Wish("greet", ("你好",), ""),)), tmp_path, config, {})


@pytest.fixture
def trainings():
    return []


@pytest.fixture
def train(trainings):
    def one(model):
        model.write_text(f"model {len(trainings)}", encoding="utf-8")
        trainings.append(model)
        return COST

    return one


def test_the_same_inputs_are_trained_once_and_the_table_can_tell(
    tmp_path, prepared, train, trainings
):
    cache = Cache(tmp_path / "cache")

    first, fresh = cache.trained(prepared, train)
    second, kept = cache.trained(prepared, train)

    assert len(trainings) == 1
    assert first == second
    assert first.read_text(encoding="utf-8") == "model 0"
    assert fresh.kept_from is None
    assert "UTC" in kept.kept_from
    assert replace(kept, kept_from=None) == COST


def test_other_data_or_another_configuration_is_trained_anew(tmp_path, prepared, train, trainings):
    cache = Cache(tmp_path / "cache")
    cache.trained(prepared, train)

    cache.trained(replace(prepared, data=TrainingData((), ())), train)
    prepared.config.write_text("pipeline: [another]", encoding="utf-8")
    cache.trained(prepared, train)

    assert len(trainings) == 3


def test_a_training_that_failed_leaves_nothing_behind(tmp_path, prepared, train):
    cache = Cache(tmp_path / "cache")

    def fail(model):
        model.write_text("half", encoding="utf-8")
        raise RuntimeError("no memory")

    with pytest.raises(RuntimeError):
        cache.trained(prepared, fail)

    assert list((tmp_path / "cache").iterdir()) == []
    assert cache.trained(prepared, train)[1].kept_from is None
