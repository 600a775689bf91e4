"""Groups of citizens: one at a time for each citizen."""

import pytest
from sqlalchemy import text

from core.menus import queries, services
from core.menus.errors import GroupHasMenu, GroupNameInvalid, GroupNameTaken, GroupNotFound
from core.menus.services import Place
from core.messaging import ChannelName
from tests.builders import a_conversation
from tests.core.menus.scenes import a_published


@pytest.fixture
def group(uow):
    return services.add_group(uow, name="企业", code="enterprise", actor="system")


def test_a_citizen_is_in_one_group_at_a_time(uow, group):
    other = services.add_group(uow, name="老年人", actor="system")
    conversation = a_conversation(uow)

    services.choose_group(uow, conversation.id, "enterprise", actor="citizen:1")
    member = services.choose_group(uow, conversation.id, other.code, actor="operator:2")

    assert (member.group, member.chosen_by) == (other, "operator:2")
    assert queries.find_member_in(uow.session, conversation.id) is member


def test_a_citizen_can_leave_every_group(uow, group):
    conversation = a_conversation(uow)
    services.choose_group(uow, conversation.id, "enterprise", actor="citizen:1")

    member = services.choose_group(uow, conversation.id, "", actor="citizen:1")

    assert member.group is None
    assert not member.is_told


def test_a_choice_promises_to_tell_the_platform(uow, group):
    conversation = a_conversation(uow)
    services.choose_group(uow, conversation.id, "enterprise", actor="citizen:1")

    [args] = uow.session.scalars(
        text("SELECT args FROM procrastinate_jobs WHERE task_name = 'tag_citizen'")
    )

    assert args == {"identity_id": conversation.identity_id}


def test_what_was_told_late_does_not_hide_a_newer_choice(uow, group):
    conversation = a_conversation(uow)
    member = services.choose_group(uow, conversation.id, "enterprise", actor="citizen:1")
    services.choose_group(uow, conversation.id, "", actor="citizen:1")

    services.record_tagging(uow, conversation.identity_id, group_id=group.id, tag_id=100)

    assert (member.told_tag_id, member.is_told) == (100, False)


@pytest.mark.parametrize("code", ["elves", "retired"])
def test_a_group_that_is_not_offered_cannot_be_chosen(uow, group, code):
    services.add_group(uow, name="旧群体", code="retired", actor="system")
    services.set_group_active(uow, "retired", is_active=False, actor="system")

    with pytest.raises(GroupNotFound):
        services.choose_group(uow, a_conversation(uow).id, code, actor="citizen:1")


@pytest.mark.parametrize("name", ["", "  ", "字" * 11])
def test_a_groups_name_fits_into_a_tag(uow, name):
    with pytest.raises(GroupNameInvalid):
        services.add_group(uow, name=name, actor="system")


def test_two_groups_do_not_share_a_name(uow, group):
    with pytest.raises(GroupNameTaken):
        services.add_group(uow, name=" 企业 ", actor="system")


def test_a_group_is_renamed(uow, group):
    services.rename_group(uow, "enterprise", name="企业和个体户", actor="operator:1")

    assert group.says == "使用企业和个体户菜单"


def test_a_group_whose_menu_citizens_see_cannot_be_taken_away(uow, group):
    a_published(uow)
    a_published(uow, place=Place(ChannelName.WECHAT, "demo", group.id))

    with pytest.raises(GroupHasMenu):
        services.set_group_active(uow, "enterprise", is_active=False, actor="operator:1")


def test_groups_are_listed_with_how_many_are_in_them(uow, group):
    services.add_group(uow, name="旧群体", code="retired", actor="system")
    services.set_group_active(uow, "retired", is_active=False, actor="system")
    services.choose_group(uow, a_conversation(uow).id, "enterprise", actor="citizen:1")

    assert [it.code for it in queries.groups(uow.session)] == ["enterprise"]
    assert len(queries.groups(uow.session, with_retired=True)) == 2
    assert queries.group_sizes(uow.session) == {group.id: 1}
