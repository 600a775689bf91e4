from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.cleaning import clean_text

ANYTHING = st.text(st.characters(codec=None, exclude_categories=()))


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("你好\x08\x00世界", "你好世界"),
        ("\ud83d", ""),
        ("a\r\nb\rc", "a\nb\nc"),
        ("制表\t符和\n换行", "制表\t符和\n换行"),
        ("👨‍👩‍👧 ①", "👨‍👩‍👧 ①"),
        ("\x7f\x85\ufffe\uffff", ""),
    ],
)
def test_only_what_everybody_can_hold_is_kept(raw, clean):
    assert clean_text(raw) == clean


@given(ANYTHING)
def test_clean_text_survives_xml_unchanged(raw):
    clean = clean_text(raw)

    document = f"<t><![CDATA[{clean.replace(']]>', '')}]]></t>".encode()

    assert ElementTree.fromstring(document).text == (clean.replace("]]>", "") or None)  # noqa: S314


@given(ANYTHING)
def test_cleaning_twice_changes_nothing_more(raw):
    assert clean_text(clean_text(raw)) == clean_text(raw)
