import pytest

from bot.channels.base import UnreadablePush
from bot.channels.bodies import DEDUPE_KEY_LIMIT, dedupe_key_of, parse


def test_xml_and_json_give_the_same_fields():
    xml = parse(b"<xml><MsgType><![CDATA[text]]></MsgType><Content> hi </Content></xml>")

    assert xml == {"MsgType": "text", "Content": "hi"}
    assert parse(b'{"MsgType": "text", "Content": "hi"}') == xml


def test_an_entity_is_never_expanded():
    with pytest.raises(UnreadablePush):
        parse(b'<!DOCTYPE x [<!ENTITY a "ha">]><xml><Content>&a;</Content></xml>')


def test_a_dedupe_key_is_never_too_long_for_the_store_and_still_tells_apart():
    first, second = (dedupe_key_of("1", "k" * 5000 + end) for end in "ab")

    assert first != second
    assert len(first) <= DEDUPE_KEY_LIMIT
