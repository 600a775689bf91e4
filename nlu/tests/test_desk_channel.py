"""What the desk's door lets in, and as what."""

import pytest
from rasa.core.channels.channel import UserMessage

from nlu.desk_channel import DeskInput, _read


@pytest.mark.parametrize(
    "text",
    ["长" * 10_000, "\x00\x07\x1b[31m", "", "   ", "ﷺ" * 10_000, "\ud800", "{0} ]]> <b>", "👨‍👩‍👧"],
)
def test_hostile_text_is_answered(citizen, text):
    assert citizen.says(text)["replies"]


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {"sender": "1", "message_id": 1},
        {"sender": "", "message_id": 1, "text": "a"},
        {"sender": "1" * 65, "message_id": 1, "text": "a"},
        {"sender": "1", "message_id": None, "text": "a"},
        {"sender": {}, "message_id": 1, "text": "a"},
    ],
)
def test_an_unreadable_turn_is_no_message(body):
    assert _read(body) is None


def test_control_characters_go_and_a_slash_is_no_command():
    message = _read({"sender": 7, "message_id": 1, "text": "\x00\u202e /restart\n第二行 "})

    assert isinstance(message, UserMessage)
    assert message.text == "／restart\n第二行"
    assert message.metadata == {"message_id": 1}


def test_only_who_knows_the_token_may_come_in():
    class Request:
        def __init__(self, token):
            self.args = {"token": token}

    door = DeskInput.from_credentials({"token": "secret"})

    assert door._is_ours(Request("secret"))
    assert not door._is_ours(Request("guess"))
    assert not door._is_ours(Request(""))
