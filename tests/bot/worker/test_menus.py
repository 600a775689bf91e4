"""Menus on their way to the platform: refused, retried, killed half-way, compared, tagged."""

from typing import Any

import pytest

from bot.channels.base import Remedy
from bot.channels.menus import GroupMenu, ShownMenus, comparable
from bot.channels.wechat.api_errors import refused
from bot.worker.menus import Menus, TryAgainLater
from core.menus import queries, services
from core.menus.services import Place
from core.menus.states import LookOutcome, MenuState
from core.messaging import ChannelName
from tests.builders import a_conversation, an_address
from tests.core.menus.scenes import a_published, a_released, somebody

DEMO = (ChannelName.WECHAT, "demo")


class FakePlatform:
    """Holds what it was told; fails as told, before or after it has done what was asked."""

    def __init__(self) -> None:
        self.may_set_menus = self.may_group_citizens = True
        self.buttons: list[Any] = []
        self.by_tag: dict[int, list[Any]] = {}
        self.made_for_tag = 0
        self.tags: dict[str, int] = {}
        self.tagged: set[tuple[int, str]] = set()
        self.failures: list[int] = []
        self.dies_after = False

    def _may_fail(self) -> None:
        if self.failures:
            raise refused(self.failures.pop(0), "no rid: 1-2")

    def put(self, buttons):
        self._may_fail()
        self.buttons = buttons
        if self.dies_after:
            raise SystemExit

    def put_for_tag(self, buttons, tag_id):
        self._may_fail()
        if self.by_tag.get(tag_id) != buttons:
            self.made_for_tag += 1
        self.by_tag[tag_id] = buttons
        return f"menu-{tag_id}"

    def remove(self):
        self._may_fail()
        self.buttons, self.by_tag = [], {}

    def remove_for_tag(self, tag_id):
        self.by_tag.pop(tag_id, None)

    def shown(self):
        self._may_fail()
        groups = tuple(GroupMenu(f"menu-{tag}", tag, it) for tag, it in self.by_tag.items())
        return ShownMenus(comparable(self.buttons), groups, is_open=bool(self.buttons))

    def tag_named(self, name):
        return self.tags.setdefault(name, 100 + len(self.tags))

    def tag(self, tag_id, platform_id):
        self._may_fail()
        self.tagged.add((tag_id, platform_id))

    def untag(self, tag_id, platform_id):
        self.tagged.discard((tag_id, platform_id))


@pytest.fixture
def platform():
    return FakePlatform()


@pytest.fixture
def menus(core, platform):
    return Menus(core, {DEMO: platform})


def arrange(core, make, **given):
    with core.unit_of_work() as uow:
        return make(uow, **given).id


def a_group_menu(core):
    with core.unit_of_work() as uow:
        group = services.add_group(uow, name="企业", code="enterprise", actor="system")
        return a_released(uow, place=Place(*DEMO, group.id)).id


def menu_of(core, menu_id):
    with core.unit_of_work() as uow:
        return queries.get(uow.session, menu_id)


def look_of(core):
    with core.unit_of_work() as uow:
        return queries.find_look(uow.session, *DEMO)


def test_a_released_menu_is_put_online(core, menus, platform):
    menu_id = arrange(core, a_released)

    menus.settle(menu_id)

    assert menu_of(core, menu_id).state is MenuState.PUBLISHED
    assert platform.buttons[0] == {"name": "提问", "type": "click", "key": f"desk-{menu_id}-0"}
    assert platform.buttons[1]["sub_button"][1]["url"] == "https://www.gov.cn/"


def test_a_refusal_is_final_and_told_with_the_platforms_reason(core, menus, platform):
    platform.failures = [65316]
    menu_id = arrange(core, a_released)

    menus.settle(menu_id)

    menu = menu_of(core, menu_id)
    assert (menu.state, menu.error_code) == (MenuState.FAILED, "65316")
    assert "外部域名超过 3 个" in menu.error


def test_a_busy_platform_is_asked_again_and_people_see_why_it_takes_so_long(core, menus, platform):
    platform.failures = [-1]
    menu_id = arrange(core, a_released)

    with pytest.raises(TryAgainLater):
        menus.settle(menu_id)
    assert menu_of(core, menu_id).state is MenuState.PUBLISHING
    assert "系统繁忙" in menu_of(core, menu_id).error

    menus.settle(menu_id)
    assert (menu_of(core, menu_id).state, menu_of(core, menu_id).error) == (
        MenuState.PUBLISHED,
        None,
    )


def test_a_platform_that_stays_busy_fails_visibly_in_the_end(core, menus, platform):
    platform.failures = [-1]
    menu_id = arrange(core, a_released)

    menus.settle(menu_id, is_last_attempt=True)

    assert (menu_of(core, menu_id).state, menu_of(core, menu_id).error_code) == (
        MenuState.FAILED,
        "-1",
    )


def test_a_worker_killed_between_the_platforms_yes_and_our_note_does_no_harm(core, menus, platform):
    platform.dies_after = True
    menu_id = arrange(core, a_released)
    with pytest.raises(SystemExit):
        menus.settle(menu_id)
    assert menu_of(core, menu_id).state is MenuState.PUBLISHING

    platform.dies_after = False
    menus.settle(menu_id)

    assert menu_of(core, menu_id).state is MenuState.PUBLISHED


def test_a_job_that_comes_twice_changes_nothing(core, menus, platform):
    common = arrange(core, a_published)
    menu_id = a_group_menu(core)

    menus.settle(menu_id)
    menus.settle(menu_id)
    menus.settle(common)

    assert platform.made_for_tag == 1
    assert menu_of(core, menu_id).platform_menu_id == "menu-100"


@pytest.mark.parametrize("right", ["may_set_menus", "may_group_citizens"])
def test_an_account_without_the_right_is_refused_before_the_platform_is_asked(
    core, menus, platform, right
):
    arrange(core, a_published)
    setattr(platform, right, False)
    menu_id = a_group_menu(core)

    menus.settle(menu_id)

    assert menu_of(core, menu_id).error_code == "menus_not_offered"
    assert platform.by_tag == {}


def test_an_account_that_left_the_settings_fails_visibly(core):
    menu_id = arrange(core, a_released)

    Menus(core, {}).settle(menu_id)

    assert menu_of(core, menu_id).error_code == "no_such_account"


def test_a_withdrawn_menu_is_taken_away(core, menus, platform):
    menu_id = arrange(core, a_released)
    menus.settle(menu_id)
    with core.unit_of_work() as uow:
        services.withdraw_menu(uow, menu_id, operator_id=somebody(uow))

    menus.settle(menu_id)

    assert platform.buttons == []
    assert menu_of(core, menu_id).state is MenuState.WITHDRAWN


def test_what_was_changed_on_the_platforms_own_page_is_noticed(core, menus, platform):
    menus.settle(arrange(core, a_released))
    menus.settle(a_group_menu(core))
    menus.look(*DEMO)
    assert look_of(core).outcome is LookOutcome.SAME

    platform.buttons = [{"name": "后台改的", "type": "click", "key": "X"}]
    menus.look(*DEMO)

    assert look_of(core).outcome is LookOutcome.DIFFERENT
    assert look_of(core).found[0]["buttons"][0]["name"] == "后台改的"
    assert look_of(core).found[1]["group"] == "企业"


def test_a_look_that_fails_says_so(core, menus, platform):
    platform.failures = [-1]

    menus.look(*DEMO)

    assert look_of(core).outcome is LookOutcome.FAILED


def test_a_citizens_tag_follows_the_group(core, menus, platform):
    with core.unit_of_work() as uow:
        services.add_group(uow, name="企业", code="enterprise", actor="system")
        services.add_group(uow, name="老年人", code="elderly", actor="system")
        conversation = a_conversation(uow, address=an_address(platform_id="oWang"))
        services.choose_group(uow, conversation.id, "enterprise", actor="citizen:1")
    menus.tag(conversation.identity_id)
    assert platform.tagged == {(100, "oWang")}

    with core.unit_of_work() as uow:
        services.choose_group(uow, conversation.id, "elderly", actor="citizen:1")
    menus.tag(conversation.identity_id)

    assert platform.tagged == {(101, "oWang")}


def test_a_tag_the_platform_refuses_is_kept_with_its_reason(core, menus, platform):
    platform.failures = [45059]
    with core.unit_of_work() as uow:
        services.add_group(uow, name="企业", code="enterprise", actor="system")
        conversation = a_conversation(uow)
        services.choose_group(uow, conversation.id, "enterprise", actor="citizen:1")

    menus.tag(conversation.identity_id)

    with core.unit_of_work() as uow:
        member = queries.find_member(uow.session, conversation.identity_id)
        assert "标签已达上限" in str(member.error)
        assert not member.is_told
    assert refused(45059, "").remedy is Remedy.BUG
