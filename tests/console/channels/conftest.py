"""A console that knows three accounts, one of them in trouble."""

from collections.abc import Callable
from typing import Any

import pytest

from core.bootstrap import Core
from core.channels.services import AccountFacts, register_accounts
from core.conversations import queries
from core.conversations.models import Message
from core.conversations.services import (
    Reply,
    lease_delivery,
    receive,
    record_delivery_failure,
    record_turn,
)
from core.messaging import ChannelName, InboundKind
from core.operators.permissions import Role
from tests.builders import a_message, an_address, an_inbound
from tests.console.browsing import Visitor
from tests.console.conftest import SignInAs

WECHAT, WEIBO = ChannelName.WECHAT, ChannelName.WEIBO
TOWN = (WECHAT, "town")

SUBSCRIPTION = frozenset({"customer_service", "custom_menu", "media", "citizen_groups"})


@pytest.fixture(autouse=True)
def accounts(core: Core) -> None:
    with core.unit_of_work() as uow:
        register_accounts(
            uow,
            [
                AccountFacts(
                    channel=WECHAT,
                    account="town",
                    name="清河发布",
                    kind="subscription",
                    rights=SUBSCRIPTION,
                    mode="plain",
                    platform_id="gh_0123456789ab",
                ),
                AccountFacts(channel=WECHAT, account="county", name="清河政务", kind="service"),
                AccountFacts(channel=WEIBO, account="town", name="清河微博", kind="weibo"),
            ],
        )


@pytest.fixture
def admin(sign_in_as: SignInAs) -> Visitor:
    return sign_in_as(Role.SYSTEM_ADMIN)


@pytest.fixture
def undelivered(core: Core) -> Callable[..., Message]:
    """Let the platform refuse an answer to a citizen of an account."""

    def refuse(reason: str = "接口已被封禁", **address: Any) -> Message:
        where = an_address(**{"account": "town"} | address)
        with core.unit_of_work() as uow:
            asked = a_message(uow, address=where)
        with core.unit_of_work() as uow:
            record_turn(uow, asked.id, [Reply("请带身份证到服务大厅办理。")])
        with core.unit_of_work() as uow:
            (answer,) = queries.replies_to(uow.session, asked.id)
            lease_delivery(uow, answer.conversation_id)
        with core.unit_of_work() as uow:
            record_delivery_failure(uow, answer.id, code="48004", reason=reason, can_retry=False)
        return answer

    return refuse


@pytest.fixture
def leave(core: Core) -> Callable[[Any], None]:
    def unfollow(address: Any) -> None:
        with core.unit_of_work() as uow:
            receive(uow, an_inbound(uow, address=address, kind=InboundKind.UNFOLLOW, text=""))

    return unfollow
