"""Accounts of different platforms, kinds and modes, served by one gateway side by side."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text

from bot.channels.wechat.channel import WeChatChannel
from bot.channels.weibo.channel import WeiboChannel
from config.accounts import AccountKind, PushMode
from core.channels import queries as channels
from core.channels.states import Tally
from core.clock import utc_now
from core.conversations import queries
from core.messaging import ChannelAddress, ChannelName
from tests.bot.channels.wechat import platform as wechat
from tests.bot.channels.weibo import platform as weibo
from tests.bot.gateway.conftest import Gateway, run_gateway_of

TOWN, FABU, DESK = "town", "fabu", "desk"
FABU_ID, FABU_TOKEN = "gh_ffffffffffff", "fabu-webhook"
WECHAT, WEIBO = ChannelName.WECHAT, ChannelName.WEIBO

# A platform's number for a citizen means nothing at another account: these are three people.
SAME_NUMBER = "6688002345"


class Office:
    """A gateway with three accounts, and each account's platform."""

    def __init__(self, gateway: Gateway, apis: dict[str, Any]) -> None:
        self.gateway, self.apis = gateway, apis

    def _post(self, channel: ChannelName, account: str, query: Any, body: bytes) -> Any:
        url = f"{self.gateway.url}/webhooks/{channel}/{account}"
        return self.gateway.client.post(url, params=query, content=body)

    def says_to_town(self, words: str, *, at: str = TOWN) -> Any:
        body = wechat.text_xml(words).replace(wechat.OPENID.encode(), SAME_NUMBER.encode())
        return self._post(WECHAT, at, *wechat.sealed(body, at=utc_now()))

    def says_to_fabu(self, words: str, *, at: str = FABU) -> Any:
        body = wechat.text_xml(words, to=FABU_ID)
        body = body.replace(wechat.OPENID.encode(), SAME_NUMBER.encode())
        return self._post(WECHAT, at, wechat.signed(token=FABU_TOKEN, at=utc_now()), body)

    def says_to_weibo(self, words: str) -> Any:
        body = weibo.text_json(words, sender_id=int(SAME_NUMBER))
        return self._post(WEIBO, DESK, weibo.signed(at=utc_now()), body)

    def conversation_of(self, channel: ChannelName, account: str) -> int:
        with self.gateway.core.unit_of_work() as uow:
            address = ChannelAddress(channel, account, SAME_NUMBER)
            found = queries.find_by_address(uow.session, address)
            assert found is not None
            return found.id

    def answer_all_late(self) -> None:
        """Answer when no push waits any more, and deliver what the platforms take."""
        for message_id in self.gateway.unanswered():
            with self.gateway.core.unit_of_work() as uow:
                asked = queries.get_message(uow.session, message_id)
            self.gateway.answer(message_id, f"答：{asked.text}")
            self.gateway.deliveries.deliver(asked.conversation_id)


@pytest.fixture
def patience_seconds() -> float:
    """How long a push waits for its answer."""
    return 4.0


# Where nobody answers in time, nobody need wait for long.
in_haste = pytest.mark.parametrize("patience_seconds", [0.3])


@pytest.fixture
def office(fresh_core, redis_url, patience_seconds) -> Iterator[Office]:
    accounts = {
        TOWN: wechat.an_account(PushMode.SAFE),
        FABU: wechat.an_account(
            PushMode.PLAIN,
            name="清河发布",
            kind=AccountKind.SUBSCRIPTION,
            is_verified=False,
            app_id="wxffffffffffffffff",
            original_id=FABU_ID,
            token=FABU_TOKEN,
        ),
    }
    desk = weibo.an_account()
    apis: dict[str, Any] = {
        TOWN: wechat.FakeApi(),
        FABU: wechat.FakeApi(),
        DESK: weibo.FakeApi(),
    }
    town, fabu = (
        WeChatChannel(name, account, apis[name], pause=lambda _seconds: None)
        for name, account in accounts.items()
    )
    microblog = WeiboChannel(DESK, desk, apis[DESK], pause=lambda _seconds: None)
    served = run_gateway_of(
        fresh_core,
        redis_url,
        town,
        apis[TOWN],
        patience_seconds,
        beside=[fabu, microblog],
        accounts={"wechat": accounts, "weibo": {DESK: desk}},
    )
    for gateway in served:
        yield Office(gateway, apis)


def echo(gateway: Gateway):
    def say(message_id: int) -> tuple[str, ...]:
        with gateway.core.unit_of_work() as uow:
            return (f"答：{queries.get_message(uow.session, message_id).text}",)

    return say


def pushed(says: Callable[[str], Any], words: str) -> Any:
    """Push as the platforms do: the same again, twice at the most, while no words come back."""
    for _ in range(3):
        response = says(words)
        if response.content not in {b"", b"success"}:
            break
    return response


def test_each_account_answers_in_its_own_mode_and_name(office):
    with office.gateway.answering(echo(office.gateway)), ThreadPoolExecutor(3) as pool:
        pushes = [
            pool.submit(pushed, says, words)
            for says, words in (
                (office.says_to_town, "甲"),
                (office.says_to_fabu, "乙"),
                (office.says_to_weibo, "丙"),
            )
        ]
        town, fabu, microblog = (push.result() for push in pushes)

    opened = wechat.opened(town.content)
    assert wechat.element(opened, "Content") == "答：甲"
    assert wechat.element(opened, "FromUserName") == wechat.ORIGINAL_ID
    assert wechat.element(fabu.content, "Content") == "答：乙"
    assert wechat.element(fabu.content, "FromUserName") == FABU_ID
    assert "%E4%B8%99" in microblog.text


@in_haste
def test_one_number_at_three_accounts_is_three_people(office):
    office.says_to_town("甲")
    office.says_to_fabu("乙")
    office.says_to_weibo("丙")

    conversations = {
        office.conversation_of(WECHAT, TOWN),
        office.conversation_of(WECHAT, FABU),
        office.conversation_of(WEIBO, DESK),
    }
    assert len(conversations) == 3
    assert office.gateway.count("citizens") == 3
    with office.gateway.core.unit_of_work() as uow:
        said = {
            line.text
            for conversation_id in conversations
            for line in queries.thread(uow.session, conversation_id)
            if line.author.value == "citizen"
        }
    assert said == {"甲", "乙", "丙"}


@in_haste
def test_a_late_answer_goes_out_through_the_account_the_citizen_wrote_to(office):
    registered(office)
    office.says_to_town("甲")
    office.says_to_weibo("丙")

    office.answer_all_late()

    assert office.apis[TOWN].sent == [(SAME_NUMBER, "答：甲")]
    assert office.apis[DESK].sent == [(SAME_NUMBER, "答：丙")]
    assert office.apis[FABU].sent == []


@in_haste
def test_an_account_without_the_right_to_send_keeps_its_answer_for_the_next_push(office):
    registered(office)
    office.says_to_fabu("乙")

    office.answer_all_late()

    assert office.apis[FABU].sent == []
    with office.gateway.core.unit_of_work() as uow:
        (held,) = queries.open_deliveries(uow.session, office.conversation_of(WECHAT, FABU))
        assert held.state.value == "held"


def test_a_push_at_another_accounts_address_is_refused_and_stored_nowhere(office):
    assert office.says_to_fabu("乙", at=TOWN).status_code == 403
    assert office.says_to_town("甲", at=FABU).status_code == 403

    assert office.gateway.count("messages") == 0


def test_what_comes_in_and_what_is_refused_is_counted_for_its_account(office):
    registered(office)
    with office.gateway.answering(echo(office.gateway)):
        office.says_to_town("甲")
        office.says_to_weibo("丙")
        office.says_to_fabu("乙", at=TOWN)

    office.gateway.notes.write(office.gateway.core)

    with office.gateway.core.unit_of_work() as uow:
        health = {one.account.account: one for one in channels.health(uow.session, uow.today)}
    assert health[TOWN].tallies == {Tally.PUSHES: 1, Tally.DELIVERIES: 1, Tally.REFUSED_PUSHES: 1}
    assert health[TOWN].refusals == {"invalid_signature": 1}
    assert health[DESK].tallies == {Tally.PUSHES: 1, Tally.DELIVERIES: 1}
    assert health[FABU].tallies == {}
    assert health[TOWN].account.last_push_at is not None


def test_probes_tell_of_each_account(office):
    registered(office)

    told = office.gateway.client.get(f"{office.gateway.url}/readyz").json()

    assert set(told["accounts"]) == {"wechat/town", "wechat/fabu", "weibo/desk", "web/site"}
    assert told["accounts"]["wechat/town"]["passive_only"] is False


def registered(office: Office) -> None:
    """Wait until the gateway has brought the registry up to date, which it does when it starts."""
    for _ in range(1000):
        with office.gateway.core.unit_of_work() as uow:
            uow.session.execute(text("SELECT pg_sleep(0.01)"))
            if channels.accounts(uow.session):
                return
    pytest.fail("the accounts were not registered")
