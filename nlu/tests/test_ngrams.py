import numpy as np
import pytest

from nlu.ngrams import NgramSpace


def length(vector):
    return float(np.linalg.norm(vector[1]))


@pytest.fixture
def space():
    return NgramSpace.of(["身份证", "社保卡"])


def test_a_known_text_has_length_one(space):
    assert length(space.vector("身份证")) == pytest.approx(1.0)


def test_the_unknown_makes_the_known_less_of_the_whole(space):
    assert 0 < length(space.vector("身份证驾照")) < length(space.vector("身份证"))


def test_a_text_of_which_only_the_ends_are_known_is_like_no_form(space):
    assert length(space.vector("zzz")) < 0.7
    assert space.matrix(["身份证"]).shape == (1, len(space.columns))


def test_a_wrong_character_of_the_right_sound_still_counts(space):
    def likeness(text):
        return float((space.matrix([text]) @ space.matrix(["身份证"]).T)[0, 0])

    assert likeness("生份证") > likeness("牛份证")
