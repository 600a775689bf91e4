import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from core.texts.cleaning import clean_text
from core.texts.splitting import Limit, split
from tests.bot.channels.texts import TRICKY


def size_in_utf8(text):
    return len(text.encode())


def utf8(most):
    return Limit(most, size_in_utf8)


@given(TRICKY.map(clean_text), st.integers(min_value=4, max_value=200))
def test_parts_join_to_the_text_and_fit(text, limit):
    parts = split(text, utf8(limit))

    assert "".join(parts) == text
    assert all(0 < size_in_utf8(part) <= limit for part in parts)


@given(
    st.lists(st.sampled_from(["👨‍👩‍👧‍👦", "👍🏽", "🇨🇳", "e\u0301", "好", "a"])), st.integers(30, 60)
)
def test_no_cut_goes_through_a_character(characters, limit):
    parts = split("".join(characters), utf8(limit))

    found = [grapheme for part in parts for grapheme in regex.findall(r"\X", part)]
    assert found == regex.findall(r"\X", "".join(characters))


@given(
    st.lists(
        st.sampled_from(["办", "理。", "\n", "见https://www.example.gov.cn/guide?id=1 ", "a "])
    )
)
def test_no_cut_goes_through_a_link(pieces):
    link = "https://www.example.gov.cn/guide?id=1"
    text = "".join(pieces)

    parts = split(text, utf8(60))

    assert sum(part.count(link) for part in parts) == text.count(link)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("一二三四五。六七\n八九十", ["一二三四五。六七\n", "八九十"]),
        ("一二三四五。六七，八九十", ["一二三四五。", "六七，八九十"]),
        ("一二三四五六，七八九十", ["一二三四五六，", "七八九十"]),
        ("一二三四五六七八九十", ["一二三四五六七八", "九十"]),
        # A line that ends in the first half would leave the part too short.
        ("一\n二三四五六七八九十", ["一\n二三四五六七八", "九十"]),
    ],
)
def test_a_long_text_is_cut_where_a_reader_would_pause(text, parts):
    assert split(text, utf8(25)) == parts


def test_a_character_larger_than_the_limit_is_cut_rather_than_looped_over():
    text = "e" + "\u0301" * 100

    assert "".join(split(text, utf8(20))) == text


@given(TRICKY.map(clean_text), st.integers(min_value=4, max_value=200))
def test_a_limit_may_be_in_characters_just_as_well(text, limit):
    parts = split(text, Limit(limit, len))

    assert "".join(parts) == text
    assert all(0 < len(part) <= limit for part in parts)
