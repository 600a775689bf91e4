"""What the desk shows of a citizen's page and other channels, and what it sends there."""

import pytest

from core.citizens.services import give_linking_code, link_citizens, look_at_page
from core.conversations.services import take_over
from core.messaging import SITE, ChannelName
from core.operators.permissions import Role
from tests.builders import a_conversation, an_address
from tests.console.browsing import words_of


@pytest.fixture
def talk(core, operator):
    """A conversation on the site that the operator has taken over."""
    with core.unit_of_work() as uow:
        address = an_address(channel=ChannelName.WEB, account=SITE)
        conversation = a_conversation(uow, address=address)
        take_over(uow, conversation.id, operator_id=operator.id)
        return conversation


def test_the_desk_sees_whether_the_page_is_open_and_read(seat, core, talk):
    assert "页面已关闭" in words_of(seat.get(f"/desk/{talk.id}"))

    with core.unit_of_work() as uow:
        look_at_page(uow, talk.id, read_seq=1)
    assert "页面打开中 " in words_of(seat.get(f"/desk/{talk.id}")) + " "
    with core.unit_of_work() as uow:
        look_at_page(uow, talk.id, read_seq=2)
    assert "页面打开中，已看到最新消息" in words_of(seat.get(f"/desk/{talk.id}"))


def test_linked_channels_are_shown_as_one_citizen(seat, core, talk):
    with core.unit_of_work() as uow:
        other = a_conversation(uow, address=an_address(channel=ChannelName.WEIBO))
        code = give_linking_code(uow, other.identity_id)
        link_citizens(uow, code, identity_id=talk.identity_id)

    assert f"/desk/{other.id}" in seat.get(f"/desk/{talk.id}").text


def test_the_way_to_own_cases_is_sent_without_showing_the_key_to_staff(seat, core, operator):
    with core.unit_of_work() as uow:
        conversation = a_conversation(uow, address=an_address(channel=ChannelName.WEIBO))
        take_over(uow, conversation.id, operator_id=operator.id)
    seat.get(f"/desk/{conversation.id}")

    sent = seat.press(f"/desk/{conversation.id}/entrance")

    assert sent.status_code == 204
    assert "/c/go/……（仅市民可见）" in words_of(seat.get(f"/desk/{conversation.id}"))


@pytest.mark.parametrize("way", ["entrance", "linking"])
def test_only_who_speaks_in_the_conversation_sends_it(sign_in_as, talk, way):
    colleague = sign_in_as(Role.OPERATOR)
    colleague.get(f"/desk/{talk.id}")

    assert colleague.press(f"/desk/{talk.id}/{way}").status_code == 403


def test_staff_propose_to_link(seat, talk):
    seat.get(f"/desk/{talk.id}")

    assert seat.press(f"/desk/{talk.id}/linking").status_code == 204
    assert "是否关联由您决定" in words_of(seat.get(f"/desk/{talk.id}"))
