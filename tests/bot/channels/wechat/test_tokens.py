from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from redis import Redis

from bot.channels.base import Remedy
from bot.channels.wechat.api_errors import WeChatApiError
from tests.bot.channels.scripted_server import Answer
from tests.bot.channels.wechat.api_server import refusal
from tests.bot.channels.wechat.platform import APP_ID, NOW, OPENID, SECRET

UNREACHABLE_REDIS = "redis://127.0.0.1:1/0"


def test_the_token_is_asked_for_in_the_stable_way_and_never_by_force(api, server):
    api.send_text(OPENID, "您好")

    [call] = server.token_calls
    assert call.fields == {
        "grant_type": "client_credential",
        "appid": APP_ID,
        "secret": SECRET,
        "force_refresh": False,
    }
    assert call.token == ""


def test_one_token_serves_every_message_and_every_process(make_api, server):
    for api in (make_api(), make_api()):
        api.send_text(OPENID, "一")
        api.send_text(OPENID, "二")

    assert len(server.token_calls) == 1


def test_many_threads_of_two_processes_ask_for_one_token(make_api, server):
    apis = [make_api(), make_api()]

    with ThreadPoolExecutor(12) as threads:
        list(threads.map(lambda n: apis[n % 2].send_text(OPENID, str(n)), range(24)))

    assert len(server.token_calls) == 1
    assert len(server.other_calls) == 24


@pytest.mark.parametrize(
    ("expires_in", "kept_seconds"),
    [(7200, 6900), (400, 100), (300, 60), ("7000", 6700), (None, 60), ("soon", 60), (10**9, 6900)],
)
def test_a_token_is_kept_for_five_minutes_less_than_it_lives(
    api, server, redis, expires_in, kept_seconds
):
    server.expires_in = expires_in

    api.send_text(OPENID, "您好")

    [key] = redis.keys("*access-token*")
    assert kept_seconds - 2 <= redis.ttl(key) <= kept_seconds


def test_a_revoked_token_is_replaced_once_and_the_message_arrives(api, server):
    api.send_text(OPENID, "一")
    server.revoke_token()

    api.send_text(OPENID, "二")

    assert len(server.token_calls) == 2
    assert [call.token for call in server.other_calls] == ["token-1", "token-1", "token-2"]


@pytest.mark.parametrize("code", [40001, 40014, 41001, 42001])
def test_every_word_for_a_bad_token_is_understood(api, server, code):
    server.script("send", refusal(code))

    api.send_text(OPENID, "您好")

    assert len(server.other_calls) == 2


def test_a_token_that_another_process_has_replaced_is_taken_over(make_api, server, redis):
    ours, other = make_api(), make_api()
    ours.send_text(OPENID, "一")
    server.revoke_token()
    other.send_text(OPENID, "二")

    ours.send_text(OPENID, "三")

    assert len(server.token_calls) == 2


def test_many_threads_replace_a_revoked_token_once(api, server):
    api.send_text(OPENID, "一")
    server.revoke_token()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: api.send_text(OPENID, str(n)), range(16)))

    assert len(server.token_calls) == 2


def test_when_every_token_is_refused_the_call_is_repeated_exactly_once(api, server):
    server.refuses_every_token = True

    with pytest.raises(WeChatApiError) as failed:
        api.send_text(OPENID, "您好")

    assert failed.value.remedy is Remedy.REFRESH_TOKEN
    assert len(server.other_calls) == 2
    assert len(server.token_calls) == 2


def test_without_redis_a_process_keeps_a_token_of_its_own(make_api, server):
    with Redis.from_url(UNREACHABLE_REDIS) as nowhere:
        for away in (None, nowhere):
            api = make_api(redis=away)
            api.send_text(OPENID, "一")
            api.send_text(OPENID, "二")

    assert len(server.token_calls) == 2
    assert len(server.other_calls) == 4


def test_a_token_of_ones_own_ends_in_time_too(make_api, server):
    now = [NOW]
    api = make_api(redis=None, clock=lambda: now[0])
    api.send_text(OPENID, "一")
    now[0] += timedelta(seconds=6899)
    api.send_text(OPENID, "二")
    now[0] += timedelta(seconds=1)

    api.send_text(OPENID, "三")

    assert len(server.token_calls) == 2


def test_threads_without_redis_ask_for_one_token_too(make_api, server):
    api = make_api(redis=None)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: api.send_text(OPENID, str(n)), range(16)))

    assert len(server.token_calls) == 1


@pytest.mark.parametrize(
    ("answer", "remedy"),
    [
        (refusal(40125, "invalid appsecret"), Remedy.ALARM),
        (refusal(40164, "invalid ip 1.2.3.4 not in whitelist"), Remedy.ALARM),
        (refusal(-1, "system error"), Remedy.RETRY_BRIEFLY),
        (Answer(b"{}"), Remedy.RETRY_LATER),
        (Answer(b'{"access_token": 7}'), Remedy.RETRY_LATER),
        (Answer(b"<html>"), Remedy.RETRY_LATER),
        (Answer(status=502), Remedy.RETRY_LATER),
        (Answer(status=None), Remedy.RETRY_LATER),
    ],
)
def test_without_a_token_nothing_was_sent(api, server, answer, remedy):
    server.script("token", answer)

    with pytest.raises(WeChatApiError) as failed:
        api.send_text(OPENID, "您好")

    assert failed.value.remedy is remedy
    assert not failed.value.is_outcome_unknown
    assert server.other_calls == []


def test_a_refused_secret_is_not_asked_about_again_at_once(make_api, server):
    now = [NOW]
    api = make_api(clock=lambda: now[0])
    server.script("token", refusal(40164, "invalid ip"))
    for _message in range(3):
        with pytest.raises(WeChatApiError):
            api.send_text(OPENID, "您好")
    assert len(server.token_calls) == 1
    now[0] += timedelta(seconds=6)

    api.send_text(OPENID, "您好")

    assert len(server.token_calls) == 2
