"""Accounts of every kind for one desk, and how their citizens and staff are played."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic, sleep
from typing import Any

import httpx

from core.bootstrap import Core
from core.cases import services as cases
from core.cases.states import CaseClass
from core.conversations import queries, services
from core.conversations.models import Delivery
from core.messaging import ChannelAddress, ChannelName
from core.operators import queries as operators
from launch.environment import letters
from launch.supervisor import Desk
from tests.people import PATIENCE_SECONDS, Citizen

TEMPLATE = {"id": "template-of-cases", "fields": {"thing1": "what", "character_string2": "number"}}
SUBSCRIPTION = TEMPLATE | {"id": "subscription-to-cases"}


def account(key: str, *, kind: str = "service", is_verified: bool = True, **more: Any) -> Any:
    """Return the settings of one account as the environment names them."""
    facts = {
        "NAME": f"测试号 {key}",
        "KIND": kind,
        "IS_VERIFIED": str(is_verified).lower(),
        "APP_ID": f"wx{key}",
        "APP_SECRET": letters(32),
        "ORIGINAL_ID": f"gh_{key}",
        "TOKEN": letters(32),
        "ENCODING_AES_KEY": letters(43),
    } | {name.upper(): json.dumps(value) for name, value in more.items()}
    return {f"DESK_WECHAT__{key}__{name}": value for name, value in facts.items()}


# With both kinds of templates, with none, with subscriptions alone; and one that may only answer.
EVERY_KIND = (
    account(
        "both",
        message_templates={"default": TEMPLATE},
        subscription_templates={"default": SUBSCRIPTION},
    )
    | account("none")
    | account("asks", subscription_templates={"default": SUBSCRIPTION})
    | account("plain", kind="subscription", is_verified=False)
)


@dataclass
class Follower(Citizen):
    """A citizen who follows one of several accounts."""

    account: str = "both"

    def __post_init__(self) -> None:
        made = self._post("citizens", {"count": 1, "account": self.account})
        self.openid = made["citizens"][0]["openid"]

    @property
    def address(self) -> ChannelAddress:
        return ChannelAddress(ChannelName.WECHAT, self.account, self.openid)

    def pushes(self, text: str) -> dict[str, Any]:
        """Say something and return what became of the push, passive answer and all."""
        return self._post("say", {"openid": self.openid, "text": text})

    def control(self, path: str, **said: Any) -> dict[str, Any]:
        return self._post(path, {"openid": self.openid} | said)

    def sends_of_the_desk(self, path: str) -> list[int | None]:
        """Return what the platform said to the desk's calls about this citizen."""
        url = f"{self.desk.url('simulator')}/control/calls?limit=500"
        calls = httpx.get(url, trust_env=False).json()["calls"]
        return [c["errcode"] for c in calls if c["openid"] == self.openid and path in c["path"]]

    def opens_a_case(self) -> str:
        for words in ("我要反映问题", "建议", "希望在滨河公园增设几盏路灯，晚上太黑"):
            self.asks(words)
        for words in ("人民路", "匿名"):
            self.asks(words)
        found = re.search(r"WZ\d{12}", self.asks("确认"))
        assert found
        return found.group()


@dataclass
class Office:
    """The staff of a running desk, acting at once."""

    core: Core

    def conversation_of(self, citizen: Follower) -> int:
        with self.core.unit_of_work() as uow:
            found = queries.find_by_address(uow.session, citizen.address)
            assert found is not None
            return found.id

    def handles(self, number: str, *, reply: str) -> None:
        """Take the case all the way to a reply that waits for its reviewer."""
        with self.core.unit_of_work() as uow:
            dispatcher, handler = self._person(uow, "zhaomin"), self._person(uow, "luguang")
            unit = operators.get(uow.session, handler).department_id
            cases.accept_case(uow, number, operator_id=dispatcher, case_class=CaseClass.GENERAL)
            cases.dispatch_case(
                uow, number, operator_id=dispatcher, department_id=unit,
                requirements="请核实并答复。", due_on=uow.today + timedelta(days=3),
            )  # fmt: skip
            cases.sign_for_case(uow, number, operator_id=handler)
            cases.draft_reply(uow, number, operator_id=handler, text=reply)

    def answers(self, number: str) -> None:
        with self.core.unit_of_work() as uow:
            cases.reply_to_case(uow, number, operator_id=self._person(uow, "luguangping"))

    def takes_over(self, citizen: Follower) -> None:
        conversation_id = self.conversation_of(citizen)
        with self.core.unit_of_work() as uow:
            operator_id = self._person(uow, "tianhui")
            services.take_over(uow, conversation_id, operator_id=operator_id)

    def says(self, citizen: Follower, text: str) -> int:
        conversation_id = self.conversation_of(citizen)
        with self.core.unit_of_work() as uow:
            operator_id = self._person(uow, "tianhui")
            said = services.say_as_operator(
                uow, conversation_id, operator_id=operator_id, text=text
            )
            return said.id

    def sees_last(self, citizen: Follower, is_so: Callable[[Delivery], bool]) -> Delivery:
        """Wait until the newest message that is owed to the citizen is as said."""
        conversation_id = self.conversation_of(citizen)
        deadline = monotonic() + PATIENCE_SECONDS
        delivery: Delivery | None = None
        while monotonic() < deadline:
            with self.core.unit_of_work() as uow:
                thread = queries.thread(uow.session, conversation_id)
                owed = [line.delivery for line in thread if line.delivery is not None]
            delivery = owed[-1] if owed else None
            if delivery is not None and is_so(delivery):
                return delivery
            sleep(0.1)
        raise AssertionError(
            delivery and (delivery.state, delivery.held_for, delivery.way, delivery.error)
        )

    @staticmethod
    def _person(uow: Any, login: str) -> int:
        operator = operators.find_by_login_for_change(uow.session, login)
        assert operator is not None
        return operator.id


def desk_of_every_kind(folder: Any) -> Desk:
    return Desk(
        folder,
        only=("simulator", "rasa", "actions", "gateway", "worker", "console"),
        changes=EVERY_KIND,
    )
