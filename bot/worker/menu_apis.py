"""Build what sets the menus of every account, from settings."""

from functools import partial

from redis import Redis

from bot.channels.wechat.menus import WeChatMenus
from bot.channels.weibo.menus import WeiboMenus
from bot.notes import Notes
from bot.platform_apis import wechat_api, weibo_api
from bot.worker.menus import MenuApis
from config.settings import Settings
from core.bootstrap import Core
from core.channels import services as channels
from core.messaging import ChannelName

# How calls about menus are called in the ledger of the account, and how many a day may have:
# what reading in public leaves at least of the 100 that a token has.
MENUS = "menus"
WEIBO_MENU_CALLS_A_DAY = 10


def build_menu_apis(core: Core, settings: Settings, redis: Redis, notes: Notes) -> MenuApis:
    """The token is shared with the rest of the desk through Redis, and every call is noted."""
    wechat = {
        (ChannelName.WECHAT, name): WeChatMenus(
            wechat_api(settings, name, redis, notes),
            account.rights,
        )
        for name, account in settings.wechat.items()
    }
    weibo = {
        (ChannelName.WEIBO, name): WeiboMenus(
            weibo_api(settings, name, notes),
            partial(spend_menu_call, core, name),
        )
        for name in settings.weibo
    }
    return {**wechat, **weibo}


def spend_menu_call(core: Core, account: str) -> bool:
    """Count a call to Weibo about a menu; False when none is left today."""
    with core.unit_of_work() as uow:
        return channels.spend_call(
            uow, ChannelName.WEIBO, account, MENUS, limit=WEIBO_MENU_CALLS_A_DAY
        )
