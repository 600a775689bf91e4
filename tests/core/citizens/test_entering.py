from datetime import timedelta

import pytest
from sqlalchemy import select

from core import event_log
from core.citizens.errors import PageLinkSpent
from core.citizens.models import PageLink
from core.citizens.services import (
    enter_pages,
    leave_pages,
    offer_page_link,
    open_page_link,
    page_entrance,
    send_entrance,
)
from core.citizens.services.entering import LINK_HOLDS
from core.conversations.errors import NotYourConversation
from core.conversations.models import ChannelIdentity
from core.conversations.services import take_over
from core.messaging import SITE, ChannelName
from core.unit_of_work import UnitOfWork
from tests.builders import a_conversation, an_address, an_operator
from tests.fakes import FakeClock


def an_identity(uow: UnitOfWork) -> ChannelIdentity:
    return a_conversation(uow).identity


def test_a_link_lets_its_citizen_in(uow):
    identity = an_identity(uow)

    opened = open_page_link(uow, offer_page_link(uow, identity.id), browser="phone")

    assert opened.id == identity.id


def test_only_the_hash_of_a_link_is_kept(uow):
    token = offer_page_link(uow, an_identity(uow).id)

    kept = uow.session.scalars(select(PageLink.token_hash)).one()

    assert token not in kept
    assert len(kept) == 64


def test_a_link_opens_again_in_the_same_browser(uow):
    identity = an_identity(uow)
    token = offer_page_link(uow, identity.id)
    open_page_link(uow, token, browser="phone")

    assert open_page_link(uow, token, browser="phone").id == identity.id


def test_a_link_that_was_opened_is_spent_for_every_other_browser(uow):
    token = offer_page_link(uow, an_identity(uow).id)
    open_page_link(uow, token, browser="phone")

    with pytest.raises(PageLinkSpent):
        open_page_link(uow, token, browser="somebody else's")


@pytest.mark.parametrize("token", ["", "no-such-token", "é"])
def test_what_is_no_link_lets_nobody_in(uow, token):
    with pytest.raises(PageLinkSpent):
        open_page_link(uow, token, browser="phone")


def test_a_link_ends_after_some_minutes(core, clock: FakeClock):
    with core.unit_of_work() as uow:
        token = offer_page_link(uow, an_identity(uow).id)
    clock.advance(LINK_HOLDS)

    with core.unit_of_work() as uow, pytest.raises(PageLinkSpent):
        open_page_link(uow, token, browser="phone")


def test_links_that_have_ended_are_cleared_away(core, clock: FakeClock):
    with core.unit_of_work() as uow:
        identity_id = an_identity(uow).id
        offer_page_link(uow, identity_id)
    clock.advance(timedelta(days=2))

    with core.unit_of_work() as uow:
        offer_page_link(uow, identity_id)

        assert len(uow.session.scalars(select(PageLink.id)).all()) == 1


def test_whom_wechat_names_for_the_first_time_becomes_a_citizen(uow):
    address = an_address()

    identity = enter_pages(uow, address)

    assert identity.address == address
    assert enter_pages(uow, address).id == identity.id


def test_entering_and_leaving_are_on_record(uow):
    identity = enter_pages(uow, an_address())
    leave_pages(uow, identity.id)

    told = [row.type for row in event_log.history(uow.session, f"citizen:{identity.citizen_id}")]

    assert told == ["CitizenEnteredPages", "CitizenLeftPages"]


def test_leaving_ends_every_session_of_the_identity(uow):
    identity = enter_pages(uow, an_address())
    before = identity.page_version

    leave_pages(uow, identity.id)
    uow.session.flush()
    uow.session.refresh(identity)

    assert identity.page_version == before + 1


def test_where_wechat_names_people_the_entrance_is_no_key(uow):
    conversation = a_conversation(uow)

    address = page_entrance(uow, conversation.id, web_login_accounts={"demo"})

    assert address == "/c/enter/demo?next=/c/mine"
    assert uow.session.scalars(select(PageLink.id)).all() == []


def test_where_the_platform_names_nobody_the_entrance_is_a_key(uow):
    conversation = a_conversation(uow, address=an_address(channel=ChannelName.WEIBO))

    address = page_entrance(uow, conversation.id, web_login_accounts={"demo"})

    token = address.removeprefix("/c/go/")
    assert open_page_link(uow, token, browser="phone").id == conversation.identity_id


def test_on_the_site_the_entrance_is_the_page_itself(uow):
    conversation = a_conversation(uow, address=an_address(channel=ChannelName.WEB, account=SITE))

    assert page_entrance(uow, conversation.id, web_login_accounts=set()) == "/c/mine"


def test_staff_send_the_entrance_into_the_chat(uow):
    conversation, operator = a_conversation(uow), an_operator(uow)
    take_over(uow, conversation.id, operator_id=operator.id)

    message = send_entrance(
        uow, conversation.id, operator_id=operator.id, web_login_accounts={"demo"}
    )

    assert "/c/enter/demo?next=/c/mine" in message.text
    assert message.delivery is not None


def test_who_does_not_speak_in_the_conversation_sends_nothing(uow):
    conversation, operator = a_conversation(uow), an_operator(uow)

    with pytest.raises(NotYourConversation):
        send_entrance(uow, conversation.id, operator_id=operator.id, web_login_accounts=set())
