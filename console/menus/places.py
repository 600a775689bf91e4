"""Which menus there are: for each account of the settings, for everybody and for each group."""

from dataclasses import dataclass

from flask import abort

from config.accounts import Right
from console.context import settings
from core.menus import queries
from core.menus.limits import LIMITS
from core.menus.services import AccountRights, Place
from core.messaging import ChannelName
from core.unit_of_work import UnitOfWork

EVERYBODY = "all"


@dataclass(frozen=True)
class Account:
    channel: ChannelName
    key: str
    name: str
    rights: AccountRights


def accounts() -> list[Account]:
    wechat = [
        Account(
            ChannelName.WECHAT,
            key,
            account.name,
            AccountRights(
                may_set_menus=Right.CUSTOM_MENU in account.rights,
                may_group_citizens=Right.CITIZEN_GROUPS in account.rights,
            ),
        )
        for key, account in settings().wechat.items()
    ]
    rights = AccountRights(may_set_menus=True, may_group_citizens=False)
    weibo = [
        Account(ChannelName.WEIBO, key, account.name, rights)
        for key, account in settings().weibo.items()
    ]
    return [*wechat, *weibo]


def get_account(channel: str, key: str) -> Account:
    named = [it for it in accounts() if (it.channel.value, it.key) == (channel, key)]
    if not named:
        abort(404)
    return named[0]


def get_place(uow: UnitOfWork, account: Account, group: str) -> Place:
    if group == EVERYBODY:
        return Place(account.channel, account.key)
    if not LIMITS[account.channel].has_group_menus:
        abort(404)
    return Place(account.channel, account.key, queries.get_group(uow.session, group).id)
