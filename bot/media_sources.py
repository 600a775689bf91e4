"""Where each account's media come from, built from settings."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from redis import Redis

from bot.channels.downloads import Downloads
from bot.channels.media import FetchesMedia
from bot.channels.wechat.media import WeChatMedia
from bot.channels.weibo.media import WeiboMedia
from bot.notes import Notes
from bot.platform_apis import wechat_api, weibo_api
from config.settings import Settings
from core.messaging import ChannelName

MediaSources = Mapping[tuple[ChannelName, str], FetchesMedia]

OFFICIAL_HOSTS = (".qq.com", ".weibo.com")


def build_media_sources(settings: Settings, redis: Redis, notes: Notes) -> MediaSources:
    downloads = Downloads(settings.media_hosts, trusted_origins=_stand_ins(settings))
    wechat = {
        (ChannelName.WECHAT, name): WeChatMedia(
            wechat_api(settings, name, redis, notes),
            downloads,
        )
        for name in settings.wechat
    }
    weibo = {
        (ChannelName.WEIBO, name): WeiboMedia(weibo_api(settings, name, notes))
        for name in settings.weibo
    }
    return wechat | weibo


def _stand_ins(settings: Settings) -> list[str]:
    """Return what plays the platform, which may lie on this machine or the office's network."""
    host = urlsplit(settings.wechat_api_url).hostname or ""
    return [] if host.endswith(OFFICIAL_HOSTS) else [settings.wechat_api_url]
