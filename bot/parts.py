"""Build what the gateway and the worker are made of, from settings."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from redis import Redis

from bot.channels.base import Channel
from bot.channels.web.channel import WebChannel
from bot.channels.wechat.channel import WeChatChannel
from bot.channels.weibo.channel import WeiboChannel
from bot.notes import Notes
from bot.platform_apis import wechat_api, weibo_api
from config.notices import load_notices
from config.settings import Settings
from core.adapters.redis_events import RedisEvents
from core.bootstrap import Core, build_core, build_office
from core.messaging import ChannelName

logger = logging.getLogger(__name__)

# Live events and cached tokens may be lost; nothing waits long for Redis.
REDIS_TIMEOUT_SECONDS = 2.0

Channels = Mapping[tuple[ChannelName, str], Channel]


@dataclass(frozen=True)
class Parts:
    settings: Settings
    core: Core
    redis: Redis
    channels: Channels
    notes: Notes = field(default_factory=Notes)


def connect_redis(settings: Settings) -> Redis:
    return Redis.from_url(
        settings.redis_url,
        socket_timeout=REDIS_TIMEOUT_SECONDS,
        socket_connect_timeout=REDIS_TIMEOUT_SECONDS,
        health_check_interval=30,
    )


def build_parts(settings: Settings) -> Parts:
    redis = connect_redis(settings)
    core = build_core(
        settings.database_url,
        publish=RedisEvents(redis).publish,
        office=build_office(
            settings.office_name,
            settings.office_hours,
            load_notices(),
            public_url=settings.public_url,
        ),
        data_key=settings.data_key.get_secret_value(),
        pool_size=settings.worker_concurrency + 4,
    )
    notes = Notes()
    return Parts(settings, core, redis, build_channels(settings, redis, notes), notes)


def build_channels(settings: Settings, redis: Redis, notes: Notes | None = None) -> Channels:
    """Build every account of the settings as a channel whose calls are noted."""
    notes = notes or Notes()
    return {
        (channel.name, channel.account_name): channel
        for channel in [
            WebChannel(),
            *_wechat_channels(settings, redis, notes),
            *_weibo_channels(settings, notes),
        ]
    }


def _wechat_channels(settings: Settings, redis: Redis, notes: Notes) -> list[Channel]:
    return [
        WeChatChannel(
            name,
            account,
            wechat_api(settings, name, redis, notes),
            freshness=timedelta(seconds=settings.webhook_freshness_seconds),
            body_limit_bytes=settings.webhook_body_limit_bytes,
            text_limit_bytes=settings.text_limit_bytes,
        )
        for name, account in settings.wechat.items()
    ]


def _weibo_channels(settings: Settings, notes: Notes) -> list[WeiboChannel]:
    channels = [
        WeiboChannel(
            name,
            account,
            weibo_api(settings, name, notes),
            freshness=timedelta(seconds=settings.webhook_freshness_seconds),
            body_limit_bytes=settings.webhook_body_limit_bytes,
            text_limit_characters=settings.weibo_text_limit_characters,
        )
        for name, account in settings.weibo.items()
    ]
    for channel in channels:
        if channel.token_warning is not None:
            extra = {"account": channel.account_name, "token": channel.token_warning}
            logger.warning("the access token of a Weibo account is to be renewed", extra=extra)
    return channels
