import pytest

from bot.channels.base import PushRefused
from bot.channels.web.channel import WebChannel
from bot.worker.delivery import Deliveries
from core.conversations import queries
from core.conversations.services import say_as_desk
from core.conversations.states import DeliveryState
from core.messaging import SITE, ChannelName
from tests.builders import a_conversation, an_address


def test_what_is_said_on_the_site_is_delivered_at_once(core):
    with core.unit_of_work() as uow:
        address = an_address(channel=ChannelName.WEB, account=SITE)
        conversation = a_conversation(uow, address=address)
        message_id = say_as_desk(uow, conversation.id, text="您的工单已受理").id

    Deliveries(core, {(ChannelName.WEB, SITE): WebChannel()}).deliver(conversation.id)

    with core.unit_of_work() as uow:
        [said] = queries.find_messages(uow.session, conversation.id, [message_id])
        assert said.delivery is not None
        assert said.delivery.state is DeliveryState.SENT


def test_nobody_pushes_to_the_site():
    with pytest.raises(PushRefused):
        WebChannel().verify_endpoint({})
    with pytest.raises(PushRefused):
        WebChannel().read_push({}, {}, b"{}")
