"""Reading what was said in public: in time, within the budget, and nothing twice."""

from datetime import timedelta

import pytest

from bot.channels.weibo.api_errors import refused
from bot.channels.weibo.public import PublicList
from bot.worker.polling import READS, Polling
from core.channels import queries as accounts
from core.conversations import queries
from core.conversations.services import receive
from core.messaging import ChannelName
from tests.bot.channels.weibo import platform
from tests.bot.channels.weibo.platform import CITIZEN, FakeApi, a_channel, an_account

NAMING = PublicList.STATUSES_NAMING


def written(clock, ago=timedelta(minutes=1)):
    return str(int((clock.now - ago).timestamp()))


def a_post(post_id, clock, *, text="路灯坏了", ago=timedelta(minutes=1)):
    uid = platform.CITIZEN_ID
    return {
        "id": post_id,
        "created_at": written(clock, ago),
        "text": text,
        "user": {"idstr": uid},
    }


@pytest.fixture
def api():
    return FakeApi()


@pytest.fixture
def polling(core, api):
    return Polling(core, [a_channel(api=api)], reads_a_day=48)


def heard(core):
    with core.unit_of_work() as uow:
        conversation = queries.find_by_address(uow.session, CITIZEN)
        if conversation is None:
            return []
        return [message.text for message in queries.thread(uow.session, conversation.id)]


def spent(core):
    with core.unit_of_work() as uow:
        return accounts.calls_spent(uow.session, ChannelName.WEIBO, "town", READS, uow.today)


def test_what_was_said_in_public_is_heard_oldest_first(core, polling, api, clock):
    api.posts[NAMING] = [a_post(9, clock, text="后"), a_post(8, clock, text="先")]

    polling.look()

    assert heard(core) == ["先", "后"]


def test_a_list_is_read_on_from_where_it_was_left(core, polling, api, clock):
    api.posts[NAMING] = [a_post(8, clock)]
    polling.look()
    clock.advance(timedelta(hours=1))
    api.posts[NAMING].insert(0, a_post(9, clock, text="又坏了"))

    Polling(core, [a_channel(api=api)], reads_a_day=48).look()

    assert [since for which, since, _page in api.read if which is NAMING] == [0, 8]
    assert heard(core) == ["路灯坏了", "又坏了"]


def test_calls_are_spread_over_the_day(core, polling, api, clock):
    for _ in range(4 * 24):
        polling.look()
        clock.advance(timedelta(minutes=15))

    # Two lists share 48 calls a day, so each is due every hour.
    assert len(api.read) == 48


def test_a_restart_spends_nothing(core, polling, api):
    polling.look()
    Polling(core, [a_channel(api=api)], reads_a_day=48).look()

    assert len(api.read) == 2


def test_the_days_budget_ends_the_reading_until_tomorrow(core, api, clock):
    polling = Polling(core, [a_channel(api=api)], reads_a_day=1)
    polling.look()
    assert len(api.read) == spent(core) == 1

    clock.advance(timedelta(days=2))
    polling.look()
    assert len(api.read) == 2


def test_without_a_budget_nothing_is_read(core, api):
    Polling(core, [a_channel(api=api)], reads_a_day=0).look()

    assert api.read == []


def test_what_a_push_has_told_is_not_heard_again(core, polling, api, clock):
    api.posts[NAMING] = [a_post(4890000000000001, clock)]
    with core.unit_of_work() as uow:
        receive(uow, platform.read("weibo_mention_status.json"))

    polling.look()

    assert heard(core) == ["@清河发布 人民路的路灯坏了三天"]


def test_what_lies_too_far_back_to_be_answered_is_left(core, polling, api, clock):
    api.posts[NAMING] = [a_post(8, clock, ago=timedelta(hours=49))]

    polling.look()

    assert heard(core) == []


def test_a_list_of_many_pages_is_read_to_its_end_from_the_second_time_on(core, polling, api, clock):
    api.posts[NAMING] = [a_post(1, clock)]
    polling.look()
    clock.advance(timedelta(hours=1))
    api.posts[NAMING] = [a_post(n, clock, text=str(n)) for n in range(80, 0, -1)]

    polling.look()

    pages = [page for which, since, page in api.read if which is NAMING and since == 1]
    assert pages == [1, 2]
    assert heard(core)[-1] == "80"
    assert len(heard(core)) == 80


def test_a_refusal_loses_nothing(core, polling, api, clock):
    api.posts[NAMING] = [a_post(8, clock)]
    api.refusals = [refused(10023, "no"), refused(21327, "expired_token")]
    polling.look()
    assert heard(core) == []

    clock.advance(timedelta(hours=1))
    polling.look()
    assert heard(core) == ["路灯坏了"]


def test_an_account_with_the_push_is_not_read(core, api):
    channel = a_channel(api=api, account=an_account(mention_push=True))

    Polling(core, [channel], reads_a_day=48).look()

    assert api.read == []
