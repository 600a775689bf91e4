"""Build what sets the menus of every account, from settings."""

from redis import Redis

from bot.channels.wechat.client import WeChatApi
from bot.channels.wechat.menus import WeChatMenus
from bot.channels.weibo.client import WeiboApi
from bot.channels.weibo.menus import WeiboMenus
from bot.notes import Notes
from bot.worker.menus import MenuApis
from config.settings import Settings
from core.messaging import ChannelName


def build_menu_apis(settings: Settings, redis: Redis, notes: Notes) -> MenuApis:
    """The token is shared with the rest of the desk through Redis, and every call is noted."""
    wechat = {
        (ChannelName.WECHAT, name): WeChatMenus(
            WeChatApi(
                app_id=account.app_id,
                app_secret=account.app_secret.get_secret_value(),
                redis=redis,
                api_url=settings.wechat_api_url,
                watch=notes.watch(ChannelName.WECHAT, name),
            ),
            account.rights,
        )
        for name, account in settings.wechat.items()
    }
    weibo = {
        (ChannelName.WEIBO, name): WeiboMenus(
            WeiboApi(
                account.access_token.get_secret_value(),
                api_url=settings.weibo_api_url,
                open_api_url=settings.weibo_open_api_url,
                watch=notes.watch(ChannelName.WEIBO, name),
                upload_url=settings.weibo_upload_url,
            )
        )
        for name, account in settings.weibo.items()
    }
    return {**wechat, **weibo}
