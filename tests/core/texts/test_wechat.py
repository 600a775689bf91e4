from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import regex
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.bodies import TextAnswer
from bot.channels.wechat.envelopes import render
from config.accounts import PushFormat
from core.messaging import Choice, OutboundMessage
from core.texts.cleaning import clean_text, inert, one_line
from core.texts.wechat import merge, parts_of
from core.texts.wechat import render as render_text
from tests.bot.channels.texts import MESSAGES, TRICKY
from tests.bot.channels.wechat.platform import said

LIMIT = 2048


def size(text):
    return len(text.encode())


@given(TRICKY)
def test_any_text_arrives_in_the_answer_as_it_was_rendered(raw):
    text = inert(raw)
    answer = TextAnswer(from_id="gh_1", to_id="o-1", sent_at_seconds=1, text=text)

    document = ElementTree.fromstring(render(answer, PushFormat.XML).encode())  # noqa: S314

    assert [child.tag for child in document].count("MsgType") == 1
    assert document.findtext("Content") == text


def test_choices_are_lines_to_tap():
    message = OutboundMessage(
        "请选择：", (Choice("医保缴费", "城乡居民医保怎么缴费？"), Choice("转人工", "转人工"))
    )

    lines = render_text(message, LIMIT).splitlines()

    assert lines == [
        "请选择：",
        '<a href="weixin://bizmsgmenu?msgmenucontent='
        "%E5%9F%8E%E4%B9%A1%E5%B1%85%E6%B0%91%E5%8C%BB%E4%BF%9D%E6%80%8E%E4%B9%88%E7%BC%B4"
        '%E8%B4%B9%EF%BC%9F&msgmenuid=1">医保缴费</a>',
        '<a href="weixin://bizmsgmenu?msgmenucontent=%E8%BD%AC%E4%BA%BA%E5%B7%A5'
        '&msgmenuid=2">转人工</a>',
    ]


@given(MESSAGES)
def test_every_link_is_ours_and_says_what_its_choice_says(message):
    rendered = render_text(message, 10**6)

    links = regex.findall(r'<a href="([^"]*)">([^<]*)</a>', rendered)
    queries = [parse_qs(urlsplit(address).query) for address, _title in links]
    wanted = [
        clean_text(choice.says).strip() or one_line(choice.title) for choice in message.choices
    ]
    assert [query["msgmenucontent"][0] for query in queries] == [says for says in wanted if says]
    assert rendered.count("<") == 2 * len(links)
    assert all(address.startswith("weixin://bizmsgmenu?") for address, _title in links)
    assert all(title.strip() for _address, title in links)


def test_a_choice_too_long_for_a_link_is_still_readable():
    message = OutboundMessage("请选择：", (Choice("很长的问题", "问" * 300),))

    assert render_text(message, LIMIT) == "请选择：\n很长的问题"


@given(MESSAGES, st.integers(min_value=300, max_value=600))
def test_every_part_of_every_message_fits_and_none_is_blank(message, limit):
    parts = parts_of(message, limit)

    assert all(part.strip() and size(part) <= limit for part in parts)
    assert sum(part.count("</a>") for part in parts) == render_text(message, limit).count("</a>")


def test_messages_that_fit_are_merged_in_order():
    merged = merge(said("您好", "您的工单已受理"), LIMIT)

    assert (merged.text, merged.carried, merged.parts_of_next) == ("您好\n\n您的工单已受理", 2, 0)


def test_what_does_not_fit_any_more_is_left_for_later():
    merged = merge(said("一" * 300, "二" * 300, "三" * 300, "四"), LIMIT)

    assert (merged.carried, merged.parts_of_next) == (2, 0)
    assert merged.text == "一" * 300 + "\n\n" + "二" * 300


def test_a_long_message_goes_out_part_by_part():
    long = OutboundMessage("第一句话。" * 200)
    parts = parts_of(long, LIMIT)

    first = merge([long, *said("后来")], LIMIT)
    last = merge([long, *said("后来")], LIMIT, parts_delivered=len(parts) - 1)

    assert (first.text, first.carried, first.parts_of_next) == (parts[0], 0, 1)
    assert (last.text, last.carried) == (f"{parts[-1]}\n\n后来", 2)


def test_a_long_message_waits_for_the_short_one_before_it():
    merged = merge([*said("您好"), OutboundMessage("长" * 3000)], LIMIT)

    assert (merged.text, merged.carried, merged.parts_of_next) == ("您好", 1, 0)


def test_messages_with_nothing_to_show_count_as_carried():
    merged = merge(said("\x00", "您好", " "), LIMIT)

    assert (merged.text, merged.carried) == ("您好", 3)


@given(st.lists(MESSAGES, max_size=5), st.integers(min_value=300, max_value=600))
def test_merging_until_everything_is_carried_loses_and_repeats_nothing(messages, limit):
    expected = [part for message in messages for part in parts_of(message, limit)]

    texts, left, done = [], messages, 0
    for _turn in range(len(expected) + 1):
        merged = merge(left, limit, parts_delivered=done)
        assert size(merged.text) <= limit
        texts += [merged.text] if merged.text else []
        left, done = left[merged.carried :], merged.parts_of_next

    assert left == []
    assert "".join("\n\n".join(texts).split()) == "".join("".join(expected).split())
