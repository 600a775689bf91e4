"""Where each account's media come from, built from settings."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from redis import Redis

from bot.channels.downloads import Downloads
from bot.channels.media import FetchesMedia
from bot.channels.wechat.client import WeChatApi
from bot.channels.wechat.media import WeChatMedia
from bot.channels.weibo.client import WeiboApi
from bot.channels.weibo.media import WeiboMedia
from bot.notes import Notes
from config.settings import Settings
from core.messaging import ChannelName

MediaSources = Mapping[tuple[ChannelName, str], FetchesMedia]

OFFICIAL_HOSTS = (".qq.com", ".weibo.com")


def build_media_sources(settings: Settings, redis: Redis, notes: Notes) -> MediaSources:
    downloads = Downloads(settings.media_hosts, trusted_origins=_stand_ins(settings))
    wechat = {
        (ChannelName.WECHAT, name): WeChatMedia(
            WeChatApi(
                app_id=account.app_id,
                app_secret=account.app_secret.get_secret_value(),
                redis=redis,
                api_url=settings.wechat_api_url,
                watch=notes.watch(ChannelName.WECHAT, name),
            ),
            downloads,
        )
        for name, account in settings.wechat.items()
    }
    weibo = {
        (ChannelName.WEIBO, name): WeiboMedia(
            WeiboApi(
                account.access_token.get_secret_value(),
                api_url=settings.weibo_api_url,
                open_api_url=settings.weibo_open_api_url,
                upload_url=settings.weibo_upload_url,
                watch=notes.watch(ChannelName.WEIBO, name),
            )
        )
        for name, account in settings.weibo.items()
    }
    return wechat | weibo


def _stand_ins(settings: Settings) -> list[str]:
    """Return what plays the platform, which may lie on this machine or the office's network."""
    host = urlsplit(settings.wechat_api_url).hostname or ""
    return [] if host.endswith(OFFICIAL_HOSTS) else [settings.wechat_api_url]
