"""Our own menus on the simulated platform, over HTTP: for everybody, for a group, and refused."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.channels.wechat.client import WeChatApi
from bot.channels.wechat.menus import WeChatMenus
from bot.worker.menus import Menus, TryAgainLater
from config.accounts import RIGHTS, AccountKind
from core.menus import queries, services
from core.menus.services import Place
from core.menus.states import LookOutcome, MenuState
from core.messaging import ChannelName
from tests.bot.simulator.conftest import OPENID
from tests.builders import a_conversation, an_address
from tests.core.menus.scenes import BUTTONS, a_released

pytestmark = pytest.mark.anyio

TOWN = (ChannelName.WECHAT, "town")
VERIFIED = RIGHTS[AccountKind.SERVICE, True]


@pytest.fixture
def menus(platform, core) -> Menus:
    api = WeChatApi(
        app_id=platform.account.app_id,
        app_secret=platform.account.app_secret,
        redis=None,
        api_url=str(platform.http.base_url),
    )
    return Menus(core, {TOWN: WeChatMenus(api, VERIFIED)})


def arrange(core) -> tuple[int, int, int]:
    """Release a menu for everybody and one for a group that our citizen has chosen."""
    with core.unit_of_work() as uow:
        common = a_released(uow, place=Place(*TOWN))
        services.record_taken(uow, common.id)
        group = services.add_group(uow, name="企业", code="enterprise", actor="system")
        special = a_released(uow, place=Place(*TOWN, group.id))
        address = an_address(account="town", platform_id=OPENID)
        conversation = a_conversation(uow, address=address)
        services.choose_group(uow, conversation.id, "enterprise", actor="citizen:1")
        return common.id, special.id, conversation.identity_id


async def run(do: Callable[..., object], *args: Any) -> None:
    await asyncio.to_thread(do, *args)


async def test_everybody_and_a_group_see_their_menus_and_the_look_agrees(platform, menus, core):
    common, special, identity_id = arrange(core)

    for do, number in [(menus.settle, common), (menus.settle, special), (menus.tag, identity_id)]:
        await run(do, number)
    await run(menus.look, *TOWN)

    seen = await platform.post("/cgi-bin/menu/trymatch", {"user_id": OPENID})
    everybody = await platform.get("/cgi-bin/menu/get")
    assert [button["name"] for button in seen["button"]] == [button.name for button in BUTTONS]
    assert seen["button"][0]["key"] == f"desk-{special}-0"
    assert everybody["menu"]["button"][0]["key"] == f"desk-{common}-0"
    with core.unit_of_work() as uow:
        assert queries.find_look(uow.session, *TOWN).outcome is LookOutcome.SAME
        assert queries.get(uow.session, special).platform_menu_id


async def test_an_answer_that_is_lost_makes_no_second_menu(platform, menus, core):
    common, special, _ = arrange(core)
    await run(menus.settle, common)
    path = "/cgi-bin/menu/addconditional"
    fault = {"name": "lost_answer", "path": path, "count": 1}
    await platform.control("faults", faults=[fault])

    with pytest.raises(TryAgainLater):
        await run(menus.settle, special)
    await run(menus.settle, special)

    assert len(platform.account.group_menus) == 1
    with core.unit_of_work() as uow:
        assert queries.get(uow.session, special).state is MenuState.PUBLISHED


async def test_an_account_that_lost_its_verification_is_refused_with_the_reason(
    platform, menus, core
):
    common, special, _ = arrange(core)
    await run(menus.settle, common)
    platform.account.is_verified = False

    await run(menus.settle, special)

    with core.unit_of_work() as uow:
        menu = queries.get(uow.session, special)
        assert (menu.state, menu.error_code) == (MenuState.FAILED, "48001")


async def test_a_menu_changed_on_the_platforms_own_page_is_noticed(platform, menus, core):
    common, _, _ = arrange(core)
    await run(menus.settle, common)
    other = {"button": [{"type": "click", "name": "别的", "key": "X"}]}
    await platform.post("/cgi-bin/menu/create", other)

    await run(menus.look, *TOWN)

    with core.unit_of_work() as uow:
        assert queries.find_look(uow.session, *TOWN).outcome is LookOutcome.DIFFERENT


@pytest.mark.parametrize(
    ("path", "said", "errcode"),
    [
        ("menu/addconditional", {"button": [], "matchrule": {"tag_id": "100"}}, 65303),
        ("menu/delconditional", {"menuid": "1"}, 65301),
        ("menu/trymatch", {"user_id": "nobody"}, 65302),
        ("tags/create", {"tag": {"name": "字" * 11}}, 45158),
        ("tags/members/batchtagging", {"openid_list": [OPENID], "tagid": 1}, 45159),
        ("tags/members/batchtagging", {"openid_list": [], "tagid": 1}, 40032),
    ],
)
async def test_what_the_platform_refuses_about_groups(platform, path, said, errcode):
    assert (await platform.post(f"/cgi-bin/{path}", said))["errcode"] == errcode


async def test_a_tag_deleted_on_the_platforms_own_page_is_made_again(platform, menus, core):
    common, special, identity_id = arrange(core)
    for do, number in [(menus.settle, common), (menus.settle, special), (menus.tag, identity_id)]:
        await run(do, number)
    [gone] = platform.account.tags
    del platform.account.tags[gone]
    platform.account.tags[gone + 1] = "别人的标签"
    platform.account.group_menus.clear()

    with pytest.raises(TryAgainLater):
        await run(menus.settle, special)
    await run(menus.settle, special)
    await run(menus.tag, identity_id)

    assert sorted(platform.account.tags.values()) == ["企业", "别人的标签"]
    seen = await platform.post("/cgi-bin/menu/trymatch", {"user_id": OPENID})
    assert seen["button"][0]["key"] == f"desk-{special}-0"


async def test_a_citizen_whose_old_tag_is_gone_gets_the_new_one(platform, menus, core):
    _, _, identity_id = arrange(core)
    await run(menus.tag, identity_id)
    platform.account.tags.clear()
    with core.unit_of_work() as uow:
        member = queries.find_member(uow.session, identity_id)
        other = services.add_group(uow, name="老年人", code="elderly", actor="system")
        member.group_id, member.is_told = other.id, False

    await run(menus.tag, identity_id)

    with core.unit_of_work() as uow:
        member = queries.find_member(uow.session, identity_id)
        assert (member.is_told, member.error) == (True, None)
    assert list(platform.account.tags.values()) == ["老年人"]
