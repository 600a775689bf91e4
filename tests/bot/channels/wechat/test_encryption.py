import json

import pytest
import xmltodict

from bot.channels import signatures
from bot.channels.base import UndecryptablePush, WrongAccount
from bot.channels.wechat.encryption import MessageCipher, decrypt_with_any
from tests.bot.channels.wechat.platform import APP_ID, KEY, PREVIOUS_KEY, vectors


def named(vector):
    return vector["name"]


@pytest.mark.parametrize("vector", vectors("decrypt"), ids=named)
def test_published_messages_are_decrypted(vector):
    cipher = MessageCipher(vector["encoding_aes_key"], vector["appid"])

    text = cipher.decrypt(vector["encrypt"])

    if "plaintext" in vector:
        assert text == vector["plaintext"]
    else:
        assert xmltodict.parse(text)["xml"].items() >= vector["expect"].items()


@pytest.mark.parametrize("vector", vectors("decrypt"), ids=named)
def test_published_message_signatures_are_accepted(vector):
    signatures.verify(vector["token"], vector, vector["encrypt"], parameter="msg_signature")


@pytest.mark.parametrize("vector", vectors("encrypt"), ids=named)
def test_answers_are_encrypted_as_published(vector):
    cipher = MessageCipher(
        vector["encoding_aes_key"], vector["appid"], salt=lambda: vector["random16"]
    )

    encrypted = cipher.encrypt(vector["plaintext"])

    assert encrypted == vector["encrypt"]
    if "msg_signature" in vector:
        parts = (vector["token"], vector["timestamp"], vector["nonce"], encrypted)
        assert signatures.sign(*parts) == vector["msg_signature"]


def test_the_same_text_is_never_encrypted_the_same_way_twice():
    cipher = MessageCipher(KEY, APP_ID)

    assert cipher.encrypt("好") != cipher.encrypt("好")


def test_while_a_key_is_changed_both_open_and_the_answer_uses_the_one_that_did():
    current, previous = MessageCipher(KEY, APP_ID), MessageCipher(PREVIOUS_KEY, APP_ID)

    text, opener = decrypt_with_any([current, previous], previous.encrypt("旧密钥"))

    assert (text, opener) == ("旧密钥", previous)


def test_a_message_encrypted_for_another_app_is_refused():
    with pytest.raises(WrongAccount):
        MessageCipher(KEY, APP_ID).decrypt(MessageCipher(KEY, "wx-other").encrypt("你好"))


@pytest.mark.parametrize(
    "encrypted",
    [
        "",
        "AAAA",
        "not base64!",
        "A" * 64,
        MessageCipher(PREVIOUS_KEY, APP_ID).encrypt("别的密钥"),
    ],
)
def test_what_no_key_opens_is_refused(encrypted):
    with pytest.raises(UndecryptablePush):
        decrypt_with_any([MessageCipher(KEY, APP_ID)], encrypted)


def test_without_a_key_nothing_can_be_opened():
    with pytest.raises(UndecryptablePush):
        decrypt_with_any([], MessageCipher(KEY, APP_ID).encrypt("你好"))


@pytest.mark.parametrize("key", ["", "short", "c" * 44, "钥" * 43, "!" * 43])
def test_a_malformed_key_is_refused_when_the_program_starts(key):
    with pytest.raises(ValueError, match="43 characters"):
        MessageCipher(key, APP_ID)


def test_json_messages_are_decrypted_to_json():
    official = vectors("decrypt")[0]

    text = MessageCipher(official["encoding_aes_key"], official["appid"]).decrypt(
        official["encrypt"]
    )

    assert json.loads(text)["Event"] == "debug_demo"
