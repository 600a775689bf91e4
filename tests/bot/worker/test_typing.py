"""The citizen sees that an answer is being written, as often as the platform takes it."""

from datetime import timedelta
from threading import Event

import pytest

from bot.worker.typing import Typing
from core.conversations import services
from core.messaging import ChannelAddress, ChannelName
from tests.builders import a_conversation, an_address, an_operator
from tests.core.conversations.scenes import promised_jobs
from tests.fakes import FakeChannel


class ShowingChannel(FakeChannel):
    def __init__(self) -> None:
        super().__init__()
        self.shown: list[ChannelAddress] = []
        self.was_shown = Event()

    def show_typing(self, address):
        self.shown.append(address)
        self.was_shown.set()


@pytest.fixture
def channel():
    return ShowingChannel()


@pytest.fixture
def talk(core):
    with core.unit_of_work() as uow:
        conversation = a_conversation(uow)
        operator = an_operator(uow)
        services.take_over(uow, conversation.id, operator_id=operator.id)
    return conversation, operator


def is_told(core, talk):
    conversation, operator = talk
    with core.unit_of_work() as uow:
        return services.note_typing(uow, conversation.id, operator_id=operator.id)


def test_an_operators_typing_is_promised_to_be_shown(core, talk):
    assert is_told(core, talk)

    with core.unit_of_work() as uow:
        assert promised_jobs(uow)[-1][0] == "show_typing"


def test_it_is_not_told_again_at_once(core, talk, clock):
    assert is_told(core, talk)
    assert not is_told(core, talk)

    clock.advance(timedelta(seconds=10))
    assert is_told(core, talk)


def test_it_is_not_told_long_after_the_citizen_wrote(core, talk, clock):
    clock.advance(timedelta(seconds=31))

    assert not is_told(core, talk)


def test_only_who_speaks_in_the_conversation_is_typing(core, talk):
    conversation, _ = talk
    with core.unit_of_work() as uow:
        assert not services.note_typing(uow, conversation.id, operator_id=an_operator(uow).id)


def test_with_nothing_left_to_send_it_is_not_shown(core, talk):
    conversation, _ = talk
    with core.unit_of_work() as uow:
        services.spend(uow, conversation.id, 5)

    assert not is_told(core, talk)


def test_a_platform_without_the_state_is_not_asked(core):
    with core.unit_of_work() as uow:
        conversation = a_conversation(uow, address=an_address(channel=ChannelName.WEIBO))
        assert services.claim_typing(uow, conversation.id) is None


def test_the_job_shows_it_to_the_citizen(core, talk, channel):
    conversation, _ = talk

    Typing(core, {(ChannelName.WECHAT, "demo"): channel}).show(conversation.id)

    assert [address.channel for address in channel.shown] == [ChannelName.WECHAT]


def test_it_is_shown_while_the_bot_works_longer(core, talk, channel):
    conversation, _ = talk
    typing = Typing(core, {(ChannelName.WECHAT, "demo"): channel}, after_seconds=0)

    with typing.while_working(conversation.id):
        assert channel.was_shown.wait(5)


def test_a_quick_answer_shows_nothing(core, talk, channel):
    conversation, _ = talk
    typing = Typing(core, {(ChannelName.WECHAT, "demo"): channel}, after_seconds=60)

    with typing.while_working(conversation.id):
        pass

    assert channel.shown == []
