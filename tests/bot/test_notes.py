"""What happens on the accounts is gathered in memory and written down in one go."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.channels.base import Remedy
from bot.channels.watching import ALARMS
from bot.channels.wechat.api_errors import KNOWN_CODES, refused
from bot.channels.weibo import api_errors as weibo
from bot.notes import Notes
from core.channels import queries
from core.channels.services import AccountFacts, raise_alarm, register_accounts
from core.channels.states import AlarmCode, Tally
from core.messaging import ChannelName
from core.unit_of_work import StoreFailed

WECHAT, WEIBO = ChannelName.WECHAT, ChannelName.WEIBO
TOWN = (WECHAT, "town")


@pytest.fixture(autouse=True)
def _registered(core):
    with core.unit_of_work() as uow:
        facts = [AccountFacts(channel=WECHAT, account="town", name="清河发布", kind="service")]
        register_accounts(uow, facts)


@pytest.fixture
def notes(clock) -> Notes:
    return Notes(clock=clock)


def health(core):
    with core.unit_of_work() as uow:
        (one,) = queries.health(uow.session, uow.today)
        return one


def open_alarms(core):
    with core.unit_of_work() as uow:
        return {alarm.code: alarm.reason for alarm in queries.open_alarms(uow.session)}


def test_pushes_calls_and_deliveries_are_written_together(core, notes):
    watch = notes.watch(*TOWN)
    for _ in range(3):
        notes.push(*TOWN)
        watch.called("message/custom/send")
    watch.taken("message/custom/send")
    watch.taken("message/custom/typing")
    notes.delivery(*TOWN)  # an answer that went back on its push
    notes.refused_push(*TOWN, "stale_push")

    notes.write(core)

    told = health(core)
    assert told.tallies == {Tally.PUSHES: 3, Tally.DELIVERIES: 2, Tally.REFUSED_PUSHES: 1}
    assert told.calls == {"message/custom/send": 3}
    assert told.refusals == {"stale_push": 1}


def test_nothing_is_written_twice(core, notes):
    notes.push(*TOWN)

    notes.write(core)
    notes.write(core)

    assert health(core).tallies == {Tally.PUSHES: 1}


class _Lost:
    def unit_of_work(self):
        raise StoreFailed("the database is away")


def test_what_cannot_be_written_is_kept_for_the_next_time(core, notes, clock):
    watch = notes.watch(*TOWN)
    notes.push(*TOWN)
    watch.refused(refused(40125, "invalid appsecret"))
    notes.write(_Lost())
    notes.push(*TOWN)
    notes.write(core)

    told = health(core)
    assert told.tallies == {Tally.PUSHES: 2, Tally.ERRORS: 1}
    assert told.account.last_error_code == "40125"
    assert [alarm.code for alarm in told.alarms] == [AlarmCode.CREDENTIALS_REFUSED]


def test_what_was_mended_meanwhile_is_not_told_when_the_database_is_back(core, notes, clock):
    watch = notes.watch(*TOWN)
    watch.refused(refused(40125, "invalid appsecret"))
    notes.write(_Lost())
    watch.token_issued(clock(), clock() + timedelta(hours=2))
    notes.write(core)

    assert open_alarms(core) == {}
    assert health(core).account.token_obtained_at == clock()


@pytest.mark.parametrize(
    ("error", "alarm"),
    [
        (refused(40013, "invalid appid"), AlarmCode.CREDENTIALS_REFUSED),
        (refused(89503, "need confirm"), AlarmCode.ADMIN_MUST_CONFIRM),
        (refused(48001, "api unauthorized"), AlarmCode.PASSIVE_ONLY),
        (refused(50002, "user limited"), AlarmCode.ACCOUNT_LIMITED),
        (refused(45009, "reach max api daily quota limit"), AlarmCode.CALLS_USED),
        (refused(99999, "something new"), AlarmCode.UNKNOWN_REFUSAL),
        (weibo.refused(21327, "expired_token"), AlarmCode.TOKEN_REFUSED),
        (weibo.refused(10024, "out of rate limit"), AlarmCode.CALLS_USED),
    ],
)
def test_a_refusal_that_people_must_see_to_raises_an_alarm(core, notes, error, alarm):
    notes.watch(*TOWN).refused(error)
    notes.write(core)

    assert list(open_alarms(core)) == [alarm]


@pytest.mark.parametrize("code", [-1, 40001, 45011, 45002, 47001])
def test_what_the_desk_copes_with_is_an_error_and_no_alarm(core, notes, code):
    notes.watch(*TOWN).refused(refused(code, "…"))
    notes.write(core)

    assert open_alarms(core) == {}
    assert health(core).account.last_error_code == str(code)


@pytest.mark.parametrize("code", [43004, 45015, 45047])
def test_what_is_about_one_citizen_says_nothing_of_the_account(core, notes, code):
    notes.watch(*TOWN).refused(refused(code, "…"))
    notes.write(core)

    assert health(core).account.last_error_at is None


def test_the_refused_address_is_named(core, notes):
    said = "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 6-1-2"
    notes.watch(*TOWN).refused(refused(40164, said))
    notes.write(core)

    reason = open_alarms(core)[AlarmCode.ADDRESS_NOT_ALLOWED]
    assert reason.startswith("被拒绝的服务器 IP：203.0.113.7。")


def test_a_new_token_ends_what_kept_us_from_it(core, notes, clock):
    watch = notes.watch(*TOWN)
    watch.refused(refused(40164, "invalid ip 203.0.113.7"))
    notes.write(core)
    ends = clock() + timedelta(hours=2)
    watch.token_issued(clock(), ends)
    notes.write(core)

    assert open_alarms(core) == {}
    assert health(core).account.token_expires_at == ends


def test_a_new_alarm_stands_in_the_log_once(core, notes, caplog):
    for _ in range(2):
        notes.watch(*TOWN).refused(refused(40013, "invalid appid"))
        notes.write(core)

    assert caplog.messages == ["alarm raised"]
    assert caplog.records[0].code == AlarmCode.CREDENTIALS_REFUSED


def test_a_burst_of_wrong_signatures_raises_an_alarm(core, notes):
    for _ in range(19):
        notes.refused_push(*TOWN, "invalid_signature")
    notes.write(core)
    assert open_alarms(core) == {}

    notes.refused_push(*TOWN, "invalid_signature")
    notes.write(core)
    assert list(open_alarms(core)) == [AlarmCode.INVALID_SIGNATURES]


def test_a_few_wrong_signatures_an_hour_are_strangers(core, notes, clock):
    for _ in range(60):
        notes.refused_push(*TOWN, "invalid_signature")
        clock.advance(timedelta(minutes=1))
    notes.write(core)

    assert open_alarms(core) == {}


@pytest.mark.parametrize(
    ("code", "alarm"),
    [
        ("undecryptable_push", AlarmCode.UNDECRYPTABLE_PUSHES),
        ("plaintext_refused", AlarmCode.UNDECRYPTABLE_PUSHES),
        ("wrong_account", AlarmCode.WRONG_ACCOUNT),
    ],
)
def test_signed_pushes_that_cannot_be_used_raise_an_alarm_soon(core, notes, code, alarm):
    for _ in range(3):
        notes.refused_push(*TOWN, code)
    notes.write(core)

    assert list(open_alarms(core)) == [alarm]


def test_a_push_ends_the_silence(core, notes):
    with core.unit_of_work() as uow:
        raise_alarm(uow, *TOWN, AlarmCode.SILENCE, "…")
    notes.push(*TOWN)
    notes.write(core)

    assert open_alarms(core) == {}


def test_every_remedy_that_people_must_see_to_has_an_alarm_of_its_own():
    for codes in (KNOWN_CODES, weibo.KNOWN_CODES):
        lacking = {
            code
            for code, known in codes.items()
            if known.remedy in {Remedy.ALARM, Remedy.PASSIVE_ONLY} and code not in ALARMS
        }
        # No such interface is a mistake of ours, told as unknown; without menus for groups
        # the account shows everybody the same one, which the menu's page tells.
        assert lacking <= {10020, 65306}


def test_the_memory_is_told_from_many_threads(core):
    notes = Notes()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: notes.push(*TOWN), range(400)))
    notes.write(core)

    assert health(core).tallies == {Tally.PUSHES: 400}
