"""The menu below the private messages of one Weibo account: one for everybody."""

from collections.abc import Callable, Mapping
from typing import NoReturn

from bot.channels.base import Remedy
from bot.channels.menus import Json, ShownMenus, comparable
from bot.channels.weibo.api_errors import WeiboApiError
from bot.channels.weibo.client import WeiboApi


class WeiboMenus:
    may_set_menus = True
    may_group_citizens = False

    def __init__(self, api: WeiboApi, spend_call: Callable[[], bool]) -> None:
        """`spend_call` counts a call about to be made, and says no when none is left today."""
        self._api = api
        self._spend_call = spend_call

    def put(self, buttons: list[Json]) -> None:
        self._spend()
        self._api.create_menu({"button": buttons})

    def remove(self) -> None:
        self._spend()
        self._api.delete_menu()

    def shown(self) -> ShownMenus:
        self._spend()
        answer = self._api.show_menu()
        menu = answer.get("menu")
        return ShownMenus(comparable((menu if isinstance(menu, Mapping) else answer).get("button")))

    def put_for_tag(self, buttons: list[Json], tag_id: int) -> str:
        _not_offered()

    def remove_for_tag(self, tag_id: int) -> None:
        _not_offered()

    def tag_named(self, name: str) -> int:
        _not_offered()

    def tag(self, tag_id: int, platform_id: str) -> None:
        _not_offered()

    def untag(self, tag_id: int, platform_id: str) -> None:
        _not_offered()

    def _spend(self) -> None:
        if not self._spend_call():
            reason = "今天用于菜单的接口调用已用完，请明天再试"
            raise WeiboApiError(reason, remedy=Remedy.RETRY_TOMORROW)


def _not_offered() -> NoReturn:
    raise WeiboApiError("微博没有群体菜单", remedy=Remedy.BUG)
