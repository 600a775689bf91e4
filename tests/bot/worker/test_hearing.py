"""A recording without words is heard by the service of the settings, or the bot asks for text."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from bot.speech import NotRecognised, Recording, SpeechService
from bot.worker.fetching import Fetching
from bot.worker.hearing import Hearing, NotHeardYet
from bot.worker.turns import Turns
from config.notices import load_menu_words
from core.adapters.media_folder import MediaFolder
from core.conversations import queries
from core.conversations.services import hand_off
from core.conversations.states import Author, HandoffReason, MessageOutcome
from core.messaging import ChannelName, InboundKind
from tests.bot.channels.scripted_server import Answer, Call, serving
from tests.bot.worker.test_fetching import FakeSource
from tests.core.media.contents import a_recording
from tests.core.media.scenes import a_photo, leased


class SpeechStandIn:
    """Understands every recording as the same words."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.calls: list[Call] = []
        self.says = Answer(json.dumps({"text": " 居住证怎么办 "}).encode())

    def answer(self, call: Call) -> Answer:
        self.calls.append(call)
        return self.says


@pytest.fixture
def speech() -> Iterator[SpeechStandIn]:
    with serving(SpeechStandIn) as stand_in:
        yield stand_in


@pytest.fixture
def source() -> FakeSource:
    source = FakeSource()
    source.content = a_recording(2)
    return source


@pytest.fixture
def make_service() -> Iterator[Callable[[str], SpeechService]]:
    made: list[SpeechService] = []

    def make(url: str) -> SpeechService:
        made.append(SpeechService(url, "secret", 5))
        return made[-1]

    yield make
    for service in made:
        service.close()


@pytest.fixture
def make_turns(core, dialogue, source, tmp_path, speech, make_service):
    def make(*, with_service: bool = True) -> Turns:
        store = MediaFolder(tmp_path / "media")
        fetching = Fetching(core, {(ChannelName.WECHAT, "demo"): source}, store)
        service = make_service(speech.url) if with_service else None
        hearing = Hearing(core, fetching, store, service)
        return Turns(core, dialogue, load_menu_words(), timedelta(seconds=12), hearing)

    return make


def message(core, message_id):
    with core.unit_of_work() as uow:
        return queries.get_message(uow.session, message_id)


def last_said(core, message_id):
    with core.unit_of_work() as uow:
        return queries.thread(uow.session, message(core, message_id).conversation_id)[-1]


def test_what_the_service_heard_is_answered_as_if_it_were_written(core, make_turns, speech):
    message_id = a_photo(core, kind=InboundKind.VOICE)

    make_turns().answer(message_id, is_retry=False)

    assert last_said(core, message_id).text == "echo: 居住证怎么办"
    heard = message(core, message_id)
    assert (heard.text, heard.payload["recognised_by"]) == ("居住证怎么办", "speech_service")
    [call] = speech.calls
    assert call.body == a_recording(2)


def test_without_a_service_the_bot_asks_for_text(core, make_turns, speech, source):
    message_id = a_photo(core, kind=InboundKind.VOICE)

    make_turns(with_service=False).answer(message_id, is_retry=False)

    assert "没有听清这段语音" in last_said(core, message_id).text
    assert speech.calls == []
    assert source.asked == []


def test_what_the_platform_recognised_itself_is_not_heard_again(core, make_turns, speech):
    message_id = a_photo(core, kind=InboundKind.VOICE, text="办身份证")

    make_turns().answer(message_id, is_retry=False)

    assert last_said(core, message_id).text == "echo: 办身份证"
    assert speech.calls == []


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b'{"text": ""}'),
        Answer(b'{"text": 7}'),
        Answer(b"[]"),
        Answer(b"<html>"),
        Answer(status=500),
        Answer(status=None),
        Answer(status=302, headers={"Location": "http://127.0.0.1:1/"}),
    ],
)
def test_a_service_that_hears_nothing_leaves_it_to_the_citizen(core, make_turns, speech, answer):
    speech.says = answer
    message_id = a_photo(core, kind=InboundKind.VOICE)

    make_turns().answer(message_id, is_retry=False)

    assert last_said(core, message_id).reason["notice"] == "voice_unrecognised"
    assert message(core, message_id).text == ""


def test_a_recording_on_its_way_is_waited_for_and_not_for_ever(core, make_turns, clock, speech):
    message_id = a_photo(core, kind=InboundKind.VOICE)
    leased(core, message_id)
    turns = make_turns()

    with pytest.raises(NotHeardYet):
        turns.answer(message_id, is_retry=False)
    clock.advance(timedelta(seconds=13))
    turns.answer(message_id, is_retry=True)

    assert last_said(core, message_id).reason["notice"] == "voice_unrecognised"


def test_words_are_written_below_a_recording_that_people_answer(core, make_turns, speech):
    message_id = a_photo(core, kind=InboundKind.VOICE)
    with core.unit_of_work() as uow:
        conversation_id = queries.get_message(uow.session, message_id).conversation_id
        hand_off(uow, conversation_id, reason=HandoffReason.CITIZEN_ASKED)
    turns = make_turns()
    turns.answer(message_id, is_retry=False)
    turns.hearing.fetching.fetch(message_id)

    turns.hearing.hear_for_people(message_id)
    turns.hearing.hear_for_people(message_id)

    heard = message(core, message_id)
    assert (heard.text, heard.outcome) == ("居住证怎么办", MessageOutcome.HANDED_OVER)
    assert len(speech.calls) == 1


def test_a_recording_that_the_bot_answers_is_heard_by_its_turn_alone(core, make_turns, speech):
    message_id = a_photo(core, kind=InboundKind.VOICE)
    hearing = make_turns().hearing
    hearing.fetching.fetch(message_id)

    hearing.hear_for_people(message_id)

    assert speech.calls == []
    assert message(core, message_id).author is Author.CITIZEN


def test_what_a_service_says_is_cut_to_what_a_citizen_could_say(speech, make_service):
    speech.says = Answer(json.dumps({"text": "话" * 5000}).encode())

    said = make_service(speech.url).recognise(Recording(b"#!AMR\n", "audio/amr"))

    assert len(said) == 2000


def test_a_service_that_is_away_is_told_from_one_that_hears_nothing(make_service):
    with pytest.raises(NotRecognised):
        make_service("http://127.0.0.1:1/").recognise(Recording(b"x", "audio/amr"))
