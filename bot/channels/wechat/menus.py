"""Menus, tags and who has them, through the WeChat API of one account."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from bot.channels.base import Remedy
from bot.channels.menus import GroupMenu, Json, ShownMenus, TagGone, comparable
from bot.channels.wechat.api_errors import WeChatApiError
from bot.channels.wechat.client import Answer, WeChatApi
from config.accounts import Right

NO_MENU = 46003
NO_SUCH_TAG = 45159
NO_SUCH_GROUP_MENU = 65301
TAG_NAME_TAKEN = 45157


class WeChatMenus:
    def __init__(self, api: WeChatApi, rights: frozenset[Right]) -> None:
        self._api = api
        self._rights = rights

    @property
    def may_set_menus(self) -> bool:
        return Right.CUSTOM_MENU in self._rights

    @property
    def may_group_citizens(self) -> bool:
        return Right.CITIZEN_GROUPS in self._rights

    def put(self, buttons: list[Json]) -> None:
        self._tell("menu/create", {"button": buttons})

    def put_for_tag(self, buttons: list[Json], tag_id: int) -> str:
        """Make the menu unless it is there already, then take away what the tag had before."""
        there = [menu for menu in self._group_menus() if menu.tag_id == tag_id]
        same = next((menu.menu_id for menu in there if menu.buttons == comparable(buttons)), "")
        if not same:
            rule = {"tag_id": str(tag_id)}
            said = {"button": buttons, "matchrule": rule}
            with _gone_tags_told():
                same = str(self._post("menu/addconditional", said).get("menuid", ""))
            if not same:
                raise WeChatApiError.no_answer("the answer names no menu", was_sent=True)
        for menu in there:
            if menu.menu_id != same:
                self._remove_group_menu(menu.menu_id)
        return same

    def remove(self) -> None:
        try:
            self._get("menu/delete")
        except WeChatApiError as error:
            if error.platform_code != NO_MENU:
                raise

    def remove_for_tag(self, tag_id: int) -> None:
        for menu in self._group_menus():
            if menu.tag_id == tag_id:
                self._remove_group_menu(menu.menu_id)

    def shown(self) -> ShownMenus:
        current = self._get("get_current_selfmenu_info")
        info = current.get("selfmenu_info")
        buttons = comparable(info.get("button")) if isinstance(info, Mapping) else []
        return ShownMenus(
            buttons, tuple(self._group_menus()), is_open=current.get("is_menu_open") in {1, "1"}
        )

    def tag_named(self, name: str) -> int:
        known = self._tag_ids()
        if name in known:
            return known[name]
        try:
            made = self._post("tags/create", {"tag": {"name": name}}).get("tag")
        except WeChatApiError as error:
            if error.platform_code != TAG_NAME_TAKEN:
                raise
            return self._tag_ids()[name]  # another worker was faster
        if not isinstance(made, Mapping) or not isinstance(made.get("id"), int):
            raise WeChatApiError.no_answer("the answer names no tag", was_sent=True)
        return int(made["id"])

    def tag(self, tag_id: int, platform_id: str) -> None:
        said = {"openid_list": [platform_id], "tagid": tag_id}
        with _gone_tags_told():
            self._tell("tags/members/batchtagging", said)

    def untag(self, tag_id: int, platform_id: str) -> None:
        said = {"openid_list": [platform_id], "tagid": tag_id}
        try:
            self._tell("tags/members/batchuntagging", said)
        except WeChatApiError as error:
            if error.platform_code != NO_SUCH_TAG:  # nobody has a tag that is gone
                raise

    def _group_menus(self) -> list[GroupMenu]:
        """Return the menus of groups by tag; those with other rules are not ours."""
        try:
            answer = self._get("menu/get")
        except WeChatApiError as error:
            if error.platform_code != NO_MENU:
                raise
            return []
        menus = answer.get("conditionalmenu")
        return [
            GroupMenu(str(menu.get("menuid", "")), tag_id, comparable(menu.get("button")))
            for menu in (menus if isinstance(menus, list) else [])
            if isinstance(menu, Mapping) and (tag_id := _tag_in(menu.get("matchrule")))
        ]

    def _remove_group_menu(self, menu_id: str) -> None:
        try:
            self._tell("menu/delconditional", {"menuid": menu_id})
        except WeChatApiError as error:
            if error.platform_code != NO_SUCH_GROUP_MENU:
                raise

    def _tag_ids(self) -> dict[str, int]:
        tags = self._get("tags/get").get("tags")
        return {
            str(tag["name"]): int(tag["id"])
            for tag in (tags if isinstance(tags, list) else [])
            if isinstance(tag, Mapping) and "name" in tag and str(tag.get("id", "")).isdecimal()
        }

    def _tell(self, path: str, said: Json) -> None:
        if self._post(path, said).get("errcode") != 0:
            reason = "the answer does not say that it was done"
            raise WeChatApiError.no_answer(reason, was_sent=True)

    def _post(self, path: str, said: Json) -> Answer:
        return self._api.call(lambda client: client.post(path, data=said))

    def _get(self, path: str) -> Answer:
        return self._api.call(lambda client: client.get(path))


@contextmanager
def _gone_tags_told() -> Iterator[None]:
    """Say in the words of every channel that the tag is gone."""
    try:
        yield
    except WeChatApiError as error:
        if error.platform_code != NO_SUCH_TAG:
            raise
        raise TagGone(error.reason, remedy=Remedy.RETRY_LATER, platform_code=NO_SUCH_TAG) from error


def _tag_in(rule: Any) -> int:
    """Return the tag; the platform calls it `tag_id` when told and `group_id` when telling."""
    if not isinstance(rule, Mapping):
        return 0
    tag = str(rule.get("tag_id") or rule.get("group_id") or "")
    return int(tag) if tag.isdecimal() else 0
