"""Tell the platforms of menus and groups, and note what they answer."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.channels.base import NotTaken, Remedy
from bot.channels.menus import SetsMenus, TagGone, Where, as_platform_json, comparable
from core.bootstrap import Core
from core.menus import queries, services
from core.menus.states import LookOutcome, MenuState
from core.messaging import ChannelName
from core.unit_of_work import UnitOfWork

logger = logging.getLogger(__name__)

MenuApis = Mapping[tuple[ChannelName, str], SetsMenus]

NO_SUCH_ACCOUNT = "no_such_account"
NOT_OFFERED = "menus_not_offered"
# Tried this often, with growing pauses; then people are told.
ATTEMPTS = 5

UNSETTLED_AFTER = timedelta(minutes=5)


class TryAgainLater(Exception):
    """The platform is busy or silent; the job is repeated, which does no harm."""


@dataclass(frozen=True)
class Menus:
    core: Core
    apis: MenuApis

    def settle(self, menu_id: int, *, is_last_attempt: bool = False) -> None:
        """Do at the platform what the menu's state asks for. Doing it twice does no harm."""
        with self.core.unit_of_work() as uow:
            menu = queries.get(uow.session, menu_id)
            channel, account = menu.channel, menu.account
            state, group_id = menu.state, menu.group_id
            group_name = menu.group.name if menu.group else ""
            buttons = _written(uow, menu)
        api = self.apis.get((channel, account))
        if api is None:
            self._refused(menu_id, NO_SUCH_ACCOUNT, f"账号 {account} 不在设置中")
            return
        if not api.may_set_menus or (group_id is not None and not api.may_group_citizens):
            self._refused(menu_id, NOT_OFFERED, "账号没有设置菜单的接口权限")
            return
        platform_menu_id = None
        try:
            if state in {MenuState.PUBLISHING, MenuState.PUBLISHED}:
                if group_id is None:
                    api.put(buttons)
                else:
                    tag_id = self._tag_of(api, channel, account, group_id, group_name)
                    platform_menu_id = api.put_for_tag(buttons, tag_id)
            elif state is MenuState.WITHDRAWING:
                if group_id is None:
                    api.remove()
                else:
                    api.remove_for_tag(self._tag_of(api, channel, account, group_id, group_name))
            else:
                return  # somebody was faster
        except NotTaken as failure:
            if isinstance(failure, TagGone) and group_id is not None:
                self._forget_tag(channel, account, group_id)
            self._judge(menu_id, failure, is_last_attempt=is_last_attempt)
            return
        with self.core.unit_of_work() as uow:
            services.record_taken(uow, menu_id, platform_menu_id=platform_menu_id)
            services.ask_for_look(uow, channel, account)

    def look(self, channel: ChannelName, account: str) -> None:
        """Compare what the platform shows with what was published, and remember the outcome."""
        api = self.apis.get((channel, account))
        if api is None or not api.may_set_menus:
            return
        try:
            shown = api.shown()
        except NotTaken as failure:
            with self.core.unit_of_work() as uow:
                services.record_look(
                    uow, channel, account, LookOutcome.FAILED, error=failure.reason
                )
            return
        with self.core.unit_of_work() as uow:
            expected, by_group = self._expected(uow, channel, account)
            found_by_tag = {menu.tag_id: menu.buttons for menu in shown.group_menus}
            is_same = (
                shown.buttons == expected
                and shown.is_open is bool(expected)
                and (not api.may_group_citizens or found_by_tag == by_group)
            )
            found: list[Any] = [{"group": "", "buttons": shown.buttons}]
            found += [
                {"group": _name_of(uow, channel, account, menu.tag_id), "buttons": menu.buttons}
                for menu in shown.group_menus
            ]
            outcome = LookOutcome.SAME if is_same else LookOutcome.DIFFERENT
            services.record_look(uow, channel, account, outcome, found=found)

    def look_everywhere(self) -> None:
        """Look at every WeChat account: Weibo counts each call against a small budget."""
        for channel, account in self.apis:
            if channel is ChannelName.WECHAT:
                self.look(channel, account)

    def tag(self, identity_id: int, *, is_last_attempt: bool = False) -> None:
        """Let the citizen have the tag of their group, and no other of ours."""
        with self.core.unit_of_work() as uow:
            member = queries.find_member(uow.session, identity_id)
            if member is None:
                return
            address, told = member.identity.address, member.told_tag_id
            group_id = member.group_id
            name = member.group.name if member.group else ""
        api = self.apis.get((address.channel, address.account))
        if api is None or not api.may_group_citizens:
            return
        tag_id = None
        try:
            if group_id is not None:
                tag_id = self._tag_of(api, address.channel, address.account, group_id, name)
                api.tag(tag_id, address.platform_id)
            if told is not None and told != tag_id:
                api.untag(told, address.platform_id)
        except NotTaken as failure:
            if isinstance(failure, TagGone) and group_id is not None:
                self._forget_tag(address.channel, address.account, group_id)
            if _is_worth_repeating(failure) and not is_last_attempt:
                raise TryAgainLater(failure.reason) from None
            with self.core.unit_of_work() as uow:
                services.record_tagging(
                    uow, identity_id, group_id=group_id, tag_id=told, error=failure.reason
                )
            return
        with self.core.unit_of_work() as uow:
            services.record_tagging(uow, identity_id, group_id=group_id, tag_id=tag_id)

    def promise_again(self) -> int:
        """Find menus whose job is gone, and promise them once more."""
        with self.core.unit_of_work() as uow:
            return services.promise_again(uow, before=uow.now - UNSETTLED_AFTER)

    def _tag_of(
        self, api: SetsMenus, channel: ChannelName, account: str, group_id: int, name: str
    ) -> int:
        """Return the tag of the group at this account; the platform is asked once."""
        with self.core.unit_of_work() as uow:
            known = queries.find_tag(uow.session, channel, account, group_id)
            if known is not None:
                return known.tag_id
        tag_id = api.tag_named(name)
        with self.core.unit_of_work() as uow:
            services.set_tag(uow, channel, account, group_id, tag_id)
        return tag_id

    def _forget_tag(self, channel: ChannelName, account: str, group_id: int) -> None:
        """Let the tag be made anew, and everybody and the menu have it, when this is repeated."""
        logger.warning("tag gone on the platform", extra={"account": account, "group": group_id})
        with self.core.unit_of_work() as uow:
            services.forget_tag(uow, channel, account, group_id)

    def _expected(
        self, uow: UnitOfWork, channel: ChannelName, account: str
    ) -> tuple[list[Any], dict[int, list[Any]]]:
        """Return what was published for everybody, and by tag for groups."""
        for_everybody: list[Any] = []
        by_tag = {}
        for menu in queries.online(uow.session, channel, account):
            told = comparable(_written(uow, menu))
            if menu.group_id is None:
                for_everybody = told
                continue
            tag = queries.find_tag(uow.session, channel, account, menu.group_id)
            by_tag[tag.tag_id if tag else -menu.group_id] = told
        return for_everybody, by_tag

    def _judge(
        self,
        menu_id: int,
        failure: NotTaken,
        *,
        is_last_attempt: bool,
    ) -> None:
        code = str(failure.platform_code) if failure.platform_code else failure.remedy.value
        logger.warning("menu not taken", extra={"menu": menu_id, "code": code})
        if _is_worth_repeating(failure) and not is_last_attempt:
            with self.core.unit_of_work() as uow:
                services.record_attempt(uow, menu_id, code=code, reason=failure.reason)
            raise TryAgainLater(failure.reason) from None
        self._refused(menu_id, code, failure.reason)

    def _refused(self, menu_id: int, code: str, reason: str) -> None:
        with self.core.unit_of_work() as uow:
            services.record_refusal(uow, menu_id, code=code, reason=reason)


def _written(uow: UnitOfWork, menu: Any) -> list[Any]:
    """Return the menu as the platform is told it; WeChat can name its citizens to our pages."""
    account = menu.account if menu.channel is ChannelName.WECHAT else ""
    return as_platform_json(menu.buttons, Where(menu.id, uow.office.public_url, account))


def _is_worth_repeating(failure: NotTaken) -> bool:
    return failure.remedy in {
        Remedy.RETRY_LATER,
        Remedy.RETRY_BRIEFLY,
        Remedy.REFRESH_TOKEN,
    }


def _name_of(uow: UnitOfWork, channel: ChannelName, account: str, tag_id: int) -> str:
    for group in queries.groups(uow.session, with_retired=True):
        tag = queries.find_tag(uow.session, channel, account, group.id)
        if tag is not None and tag.tag_id == tag_id:
            return group.name
    return f"标签 {tag_id}"
