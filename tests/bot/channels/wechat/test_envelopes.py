import json
from xml.etree import ElementTree

import pytest

from bot.channels.bodies import TextAnswer
from bot.channels.wechat.envelopes import find_encrypted, render
from config.accounts import PushFormat

ATTACK = "]]></Content><MsgType><![CDATA[news]]></MsgType><Content><![CDATA["


def answer(text):
    return TextAnswer(from_id="gh_1", to_id="o-1", sent_at_seconds=1, text=text)


def test_no_text_can_leave_its_element():
    document = ElementTree.fromstring(render(answer(ATTACK), PushFormat.XML))  # noqa: S314

    assert document.findtext("Content") == ATTACK
    assert [child.tag for child in document].count("MsgType") == 1


def test_no_text_can_leave_its_string():
    fields = json.loads(render(answer('", "MsgType": "news'), PushFormat.JSON))

    assert (fields["MsgType"], fields["Content"]) == ("text", '", "MsgType": "news')


@pytest.mark.parametrize(
    "body",
    [
        b"<xml><Encrypt><![CDATA[abc+/=]]></Encrypt></xml>",
        b"<xml>\n<Encrypt>\n<![CDATA[abc+/=]]>\n</Encrypt>\n</xml>",
        b"<xml><Encrypt>abc+/=</Encrypt></xml>",
        b'{"Encrypt": "abc+/="}',
        b'{"ToUserName":"gh_1","Encrypt":"abc+\\/="}',
    ],
    ids=range(5),
)
def test_the_encrypted_part_is_found_without_parsing(body):
    assert find_encrypted(body) == "abc+/="


@pytest.mark.parametrize("body", [b"", b"<xml/>", b"<Encrypt></Encrypt>", b'{"Encrypt": 7}'])
def test_a_body_without_an_encrypted_part_has_none(body):
    assert find_encrypted(body) is None
