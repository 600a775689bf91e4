"""Forms are near by what is written and by how it sounds."""

import pytest

from core.knowledge.similarity import Form, FormIndex, normalised, unique

INDEX = FormIndex(
    [
        Form("loss", "身份证丢了怎么补领？", "身份证丢了怎么补领？"),
        Form("loss", "身份证丢了怎么补领？", "身份证掉了咋办"),
        Form("fund", "公积金怎么提取？", "公积金怎么提取？"),
        Form("fund", "公积金怎么提取？", "ETC 怎么办", change_id=7),
        Form("blank", "？", "？！"),
    ]
)


@pytest.mark.parametrize(
    ("text", "slug", "is_same"),
    [
        ("身份证丢了怎么补领", "loss", True),
        ("身份证，丢了怎么补领!!", "loss", True),
        ("身份证丢了怎么补办", "loss", False),
        ("身份正丢了怎么补领", "loss", False),
        ("公鸡金怎么提取", "fund", False),
        ("ｅｔｃ怎么办", "fund", True),
    ],
)
def test_a_form_is_recognised(text, slug, is_same):
    nearest = INDEX.near(text)[0]

    assert (nearest.form.slug, nearest.is_same) == (slug, is_same)


def test_what_sounds_the_same_is_nearer_than_what_looks_alike():
    by_sound = INDEX.near("攻击金怎么提取")[0]
    by_looks = INDEX.near("公司金怎么提取")[0]

    assert by_sound.likeness > by_looks.likeness


@pytest.mark.parametrize("text", ["", " ", "？？", "今天天气好不好", "😀"])
def test_what_is_near_nothing_finds_nothing(text):
    assert INDEX.near(text) == []


def test_a_form_of_an_open_change_is_found_with_it():
    assert INDEX.near("ETC怎么办")[0].form.change_id == 7


def test_forms_without_words_are_left_out():
    assert len(INDEX) == 4


def test_an_empty_index_answers():
    assert FormIndex([]).near("公积金") == []


def test_duplicates_are_merged_and_the_first_stays():
    assert unique(["一二？", "三", "一二", "", "三"]) == ["一二？", "三"]


def test_signs_widths_and_capitals_do_not_count():
    assert normalised(" Ａb，c。（一）") == "abc一"
