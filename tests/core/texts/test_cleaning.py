import html
from xml.etree import ElementTree

import pytest
from hypothesis import given

from core.texts.cleaning import clean_text, inert
from tests.bot.channels.texts import ANYTHING, TRICKY


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


@given(TRICKY)
def test_quoted_text_holds_no_markup_before_or_after_entities_are_decoded(raw):
    assert "<" not in inert(raw)
    assert "<" not in html.unescape(inert(raw)).replace("&lt", "")


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("收入<5000元", "收入＜5000元"),
        ('<a href="https://evil.example">点我</a>', '＜a href="https://evil.example"＞点我＜/a＞'),
        ("见 https://www.example.gov.cn/a?b=1&c=2", "见 https://www.example.gov.cn/a?b=1&c=2"),
        ("&lt;a&gt; & &#60;", "＆lt;a＆gt; & ＆#60;"),
        ("a]]>b", "a]]＞b"),
    ],
)
def test_markup_is_shown_and_does_nothing(raw, shown):
    assert inert(raw) == shown
