import json

import pytest

from config.accounts import PushMode
from core.messaging import OutboundMessage
from core.texts.wechat import parts_of
from tests.bot.channels.wechat.platform import (
    KEY,
    NONCE,
    NOW,
    OPENID,
    ORIGINAL_ID,
    PREVIOUS_KEY,
    TOKEN,
    a_channel,
    an_account,
    element,
    opened,
    payload,
    said,
    sealed,
    signature,
    signed,
)

SAID = said("您好，已为您登记。")


def a_push(name="wechat_text.xml", **options):
    return a_channel(**options).read_push(signed(), {}, payload(name))


def a_sealed_push(name="wechat_text.xml", *, mode=PushMode.SAFE, key=KEY, account=None):
    query, body = sealed(payload(name), key=key)
    return a_channel(mode, account=account).read_push(query, {}, body)


def test_an_acknowledgement_says_success():
    answer = a_push().acknowledge()

    assert (answer.body, answer.carried) == (b"success", 0)


def test_an_acknowledgement_is_never_encrypted():
    assert a_sealed_push().acknowledge().body == b"success"
    assert a_channel(PushMode.SAFE).acknowledge().body == b"success"


def test_with_nothing_to_say_the_push_is_acknowledged():
    answer = a_sealed_push().render_passive(said("\x00"))

    assert (answer.body, answer.carried) == (b"success", 1)


def test_a_plain_push_gets_a_plain_answer_with_the_addresses_swapped():
    answer = a_push().render_passive(SAID)

    names = ("ToUserName", "FromUserName", "CreateTime", "MsgType", "Content")
    assert [element(answer.body, name) for name in names] == [
        OPENID,
        ORIGINAL_ID,
        str(int(NOW.timestamp())),
        "text",
        "您好，已为您登记。",
    ]
    assert answer.content_type.startswith("application/xml")
    assert answer.carried == 1


def test_a_json_push_gets_a_json_answer():
    answer = a_push("wechat_text.json").render_passive(SAID)

    assert json.loads(answer.body) == {
        "ToUserName": OPENID,
        "FromUserName": ORIGINAL_ID,
        "CreateTime": int(NOW.timestamp()),
        "MsgType": "text",
        "Content": "您好，已为您登记。",
    }
    assert answer.content_type.startswith("application/json")


@pytest.mark.parametrize("mode", [PushMode.SAFE, PushMode.COMPATIBLE])
def test_an_encrypted_push_gets_an_encrypted_answer(mode):
    answer = a_sealed_push(mode=mode).render_passive(SAID)

    assert element(opened(answer.body), "Content") == "您好，已为您登记。"
    assert element(answer.body, "Nonce") == NONCE


def test_an_encrypted_json_push_gets_an_encrypted_json_answer():
    answer = json.loads(a_sealed_push("wechat_text.json").render_passive(SAID).body)

    parts = (TOKEN, str(answer["TimeStamp"]), answer["Nonce"], answer["Encrypt"])
    assert answer["MsgSignature"] == signature(*parts)


def test_a_push_under_the_previous_key_is_answered_under_that_key():
    account = an_account(previous_encoding_aes_key=PREVIOUS_KEY)

    push = a_sealed_push(key=PREVIOUS_KEY, account=account)
    answer = push.render_passive(SAID)

    assert push.message is not None
    assert element(opened(answer.body, key=PREVIOUS_KEY), "Content") == "您好，已为您登记。"


def test_an_answer_tells_what_it_carries_and_where_to_go_on():
    long = OutboundMessage("第一句话。" * 200)

    first = a_push().render_passive([long])
    second = a_push().render_passive([long], parts_delivered=first.parts_of_next)

    assert (first.carried, first.parts_of_next) == (0, 1)
    assert (second.carried, second.parts_of_next) == (1, 0)
    texts = [element(answer.body, "Content") for answer in (first, second)]
    assert texts == parts_of(long, 2048)


def test_the_limit_on_bytes_is_a_setting():
    answer = a_push(text_limit_bytes=30).render_passive(said("一二三四五", "六七八九十"))

    assert (element(answer.body, "Content"), answer.carried) == ("一二三四五", 1)


def test_a_text_that_tries_to_leave_its_element_stays_in_it():
    attack = "]]></Content><MsgType><![CDATA[news]]></MsgType><Content><![CDATA["

    answer = a_push().render_passive(said(attack))

    assert element(answer.body, "MsgType") == "text"
    assert answer.body.count(b"<MsgType>") == 1
