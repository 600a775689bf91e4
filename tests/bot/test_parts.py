from redis import Redis

from bot.parts import build_channels
from config.settings import Settings
from core.messaging import ChannelName, OutboundMessage
from tests.bot.channels.scripted_server import serving
from tests.bot.channels.wechat import platform as wechat
from tests.bot.channels.weibo import platform as weibo
from tests.bot.channels.weibo.api_server import ApiServer


def settings_with(**channels):
    return Settings(_env_file=None, secret_key="s" * 16, data_key="d" * 16, **channels)


def test_every_account_in_the_settings_is_a_channel_under_its_short_name(redis_url):
    settings = settings_with(
        wechat={"town": wechat.an_account()},
        weibo={"town": weibo.an_account(), "county": weibo.an_account()},
    )

    with Redis.from_url(redis_url) as redis:
        channels = build_channels(settings, redis)

    assert sorted(channels) == [
        (ChannelName.WEB, "site"),
        (ChannelName.WECHAT, "town"),
        (ChannelName.WEIBO, "county"),
        (ChannelName.WEIBO, "town"),
    ]
    assert {(channel.name, channel.account_name) for channel in channels.values()} == set(channels)


def test_a_weibo_channel_speaks_to_the_addresses_in_the_settings(redis_url):
    with serving(ApiServer) as server, Redis.from_url(redis_url) as redis:
        settings = settings_with(
            weibo={"town": weibo.an_account(**weibo.BY_COMMENT)},
            weibo_api_url=server.url,
            weibo_open_api_url=server.url,
            weibo_text_limit_characters=4,
        )
        channel = build_channels(settings, redis)[ChannelName.WEIBO, "town"]

        channel.deliver(weibo.CITIZEN, OutboundMessage("您好您好您"))
        channel.deliver(weibo.CITIZEN, weibo.in_public("请私信我们。"))

    paths = [call.path for call in server.calls]
    assert paths == ["/2/messages/reply.json"] * 2 + ["/2/comments/create.json"]


def test_an_access_token_that_ends_soon_is_told_at_every_start(redis_url, caplog):
    accounts = {
        "town": weibo.an_account(token_expires_on="2020-01-01"),
        "county": weibo.an_account(token_expires_on="2999-01-01"),
    }

    with Redis.from_url(redis_url) as redis:
        build_channels(settings_with(weibo=accounts), redis)

    assert caplog.messages == ["the access token of a Weibo account is to be renewed"]
    assert weibo.ACCESS_TOKEN not in caplog.text
