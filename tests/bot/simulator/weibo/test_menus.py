"""The desk's menu at the simulated Weibo, over HTTP and within the day's calls."""

import asyncio
from dataclasses import replace
from functools import partial

import pytest

from bot.channels.base import NotTaken, Remedy
from bot.channels.menus import Where, as_platform_json, comparable
from bot.channels.weibo.client import WeiboApi
from bot.channels.weibo.menus import WeiboMenus
from bot.worker.menu_apis import WEIBO_MENU_CALLS_A_DAY, spend_menu_call
from bot.worker.menus import Menus
from core.channels import queries as channels
from core.menus import queries
from core.menus.buttons import Button
from core.menus.services import Place
from core.menus.states import ButtonKind, LookOutcome, MenuState
from core.messaging import ChannelName
from tests.bot.simulator.weibo.platform import TOKEN, UID
from tests.core.menus.scenes import a_released

pytestmark = pytest.mark.anyio

TOWN = (ChannelName.WEIBO, "town")
BUTTONS = (
    Button(name="提问", value="ask"),
    Button(
        name="更多",
        kind=ButtonKind.SUB_MENU,
        sub_buttons=(Button(name="我要留言", kind=ButtonKind.PAGE, value="message"),),
    ),
)
WRITTEN = as_platform_json(BUTTONS, Where(7, "https://wz.example.gov.cn"))


@pytest.fixture
def api(by_http):
    address = str(by_http.http.base_url)
    api = WeiboApi(TOKEN, api_url=address, open_api_url=address, pause=lambda _seconds: None)
    yield api
    api.close()


@pytest.fixture
def weibo_menus(api, core) -> WeiboMenus:
    return WeiboMenus(api, partial(spend_menu_call, core, "town"))


async def test_what_was_put_is_shown_and_can_be_taken_away(weibo_menus):
    await asyncio.to_thread(weibo_menus.put, WRITTEN)
    shown = await asyncio.to_thread(weibo_menus.shown)

    assert shown.buttons == comparable(WRITTEN)
    assert shown.group_menus == ()

    await asyncio.to_thread(weibo_menus.remove)
    assert (await asyncio.to_thread(weibo_menus.shown)).buttons == []


async def test_a_page_for_the_citizen_does_not_name_an_account_that_cannot_tell_who_it_is(
    by_http, weibo_menus, core
):
    with core.unit_of_work() as uow:
        menu = a_released(uow, place=Place(*TOWN))
        menu.content = [button.as_json() for button in BUTTONS]
        menu_id = menu.id
    office = replace(core.office, public_url="https://wz.example.gov.cn")
    menus = Menus(replace(core, office=office), {TOWN: weibo_menus})

    await asyncio.to_thread(menus.settle, menu_id)
    await asyncio.to_thread(menus.look, *TOWN)

    with core.unit_of_work() as uow:
        assert queries.get(uow.session, menu_id).state is MenuState.PUBLISHED
        assert queries.find_look(uow.session, *TOWN).outcome is LookOutcome.SAME
    [page] = by_http.weibo.account("town").shown_menu.as_json()["button"][1]["sub_button"]
    assert page["url"].endswith("/c/message")


async def test_a_day_has_so_many_calls_and_the_next_is_not_made(by_http, weibo_menus, core):
    for _ in range(WEIBO_MENU_CALLS_A_DAY):
        await asyncio.to_thread(weibo_menus.shown)

    with pytest.raises(NotTaken) as caught:
        await asyncio.to_thread(weibo_menus.put, WRITTEN)

    assert caught.value.remedy is Remedy.RETRY_TOMORROW
    assert by_http.weibo.account("town").menu is None
    with core.unit_of_work() as uow:
        spent = channels.calls_spent(uow.session, *TOWN, "menus", uow.today)
    assert spent == WEIBO_MENU_CALLS_A_DAY


async def test_a_menu_that_is_refused_for_want_of_calls_can_be_published_again(weibo_menus, core):
    for _ in range(WEIBO_MENU_CALLS_A_DAY):
        spend_menu_call(core, "town")
    with core.unit_of_work() as uow:
        menu_id = a_released(uow, place=Place(*TOWN)).id

    await asyncio.to_thread(Menus(core, {TOWN: weibo_menus}).settle, menu_id)

    with core.unit_of_work() as uow:
        menu = queries.get(uow.session, menu_id)
        assert menu.state is MenuState.FAILED
        assert "请明天再试" in str(menu.error)


async def test_groups_are_not_offered(weibo_menus):
    assert not weibo_menus.may_group_citizens
    with pytest.raises(NotTaken, match="没有群体菜单"):
        weibo_menus.tag(100, UID)
