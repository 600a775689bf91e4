"""The platforms' APIs as one account of the settings calls them; every call is noted."""

from redis import Redis

from bot.channels.wechat.client import WeChatApi
from bot.channels.weibo.client import WeiboApi
from bot.notes import Notes
from config.settings import Settings
from core.messaging import ChannelName


def wechat_api(settings: Settings, name: str, redis: Redis, notes: Notes) -> WeChatApi:
    """The access token is shared with the rest of the desk through Redis."""
    account = settings.wechat[name]
    return WeChatApi(
        app_id=account.app_id,
        app_secret=account.app_secret.get_secret_value(),
        redis=redis,
        api_url=settings.wechat_api_url,
        watch=notes.watch(ChannelName.WECHAT, name),
    )


def weibo_api(settings: Settings, name: str, notes: Notes) -> WeiboApi:
    return WeiboApi(
        settings.weibo[name].access_token.get_secret_value(),
        api_url=settings.weibo_api_url,
        open_api_url=settings.weibo_open_api_url,
        upload_url=settings.weibo_upload_url,
        watch=notes.watch(ChannelName.WEIBO, name),
    )
