"""What becomes tappable in a text."""

import pytest

from bot.simulator.markup import Segment, Tap, segments, taps


def test_a_text_without_links_is_one_segment():
    assert segments("您好，请问有什么可以帮您？") == [Segment("您好，请问有什么可以帮您？")]


def test_a_web_link_opens_its_address():
    text = '办事指南：<a href="https://example.gov.cn/a?b=1&amp;c=2">点此查看</a>。'

    assert segments(text) == [
        Segment("办事指南："),
        Segment("点此查看", href="https://example.gov.cn/a?b=1&c=2"),
        Segment("。"),
    ]


@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_self_sending_link_says_its_decoded_content(quote):
    href = "weixin://bizmsgmenu?msgmenucontent=%E8%BD%AC%E4%BA%BA%E5%B7%A5&msgmenuid=1"

    assert taps(f"<a href={quote}{href}{quote}>找人工</a>") == [("找人工", Tap("转人工", "1"))]


@pytest.mark.parametrize(
    "href",
    [
        "weixin://bizmsgmenu?msgmenucontent=&msgmenuid=1",
        "weixin://bizmsgmenu?msgmenucontent=x&msgmenuid=",
        "weixin://bizmsgmenu?msgmenucontent=x",
        "weixin://elsewhere?msgmenucontent=x&msgmenuid=1",
        "weixin://[",
        "javascript:alert(1)",
        "data:text/html,x",
        "",
    ],
)
def test_other_links_are_dead_words(href):
    assert segments(f'<a href="{href}">点我</a>') == [Segment("点我")]


@pytest.mark.parametrize(
    "text",
    [
        "<b>粗体</b>",
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a>没有属性</a>",
        '<a href="https://example.gov.cn">没有结尾',
        "a < b && c > d",
    ],
)
def test_any_other_markup_is_shown_as_it_stands(text):
    assert "".join(segment.text for segment in segments(text)) == text
    assert taps(text) == []


def test_markup_inside_a_link_is_words_too():
    assert segments('<a href="https://example.gov.cn"><b>办事</b></a>') == [
        Segment("<b>办事</b>", href="https://example.gov.cn")
    ]


def test_bare_addresses_open_and_end_before_chinese_words_and_full_stops():
    assert segments("见https://www.gov.cn/zhengce.htm。另见 http://example.gov.cn/a?b=c.") == [
        Segment("见"),
        Segment("https://www.gov.cn/zhengce.htm", href="https://www.gov.cn/zhengce.htm"),
        Segment("。另见 "),
        Segment("http://example.gov.cn/a?b=c", href="http://example.gov.cn/a?b=c"),
        Segment("."),
    ]
