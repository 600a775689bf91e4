"""Groups of citizens, who is in them, and what the platform knows of that."""

import secrets

from sqlalchemy.dialects.postgresql import insert

from core import jobs
from core.conversations import queries as conversations
from core.menus import queries
from core.menus.errors import GroupHasMenu, GroupNameInvalid, GroupNameTaken, GroupNotFound
from core.menus.events import CitizenJoinedGroup, GroupChanged
from core.menus.limits import MAX_GROUP_NAME_BYTES
from core.menus.models import CitizenGroup, GroupMember, GroupTag, Menu
from core.menus.states import ONLINE
from core.messaging import ChannelName
from core.unit_of_work import UnitOfWork


def add_group(uow: UnitOfWork, *, name: str, actor: str, code: str = "") -> CitizenGroup:
    _require_free(uow, name)
    position = len(queries.groups(uow.session, with_retired=True))
    group = CitizenGroup(
        code=code or f"group_{secrets.token_hex(4)}",
        name=name.strip(),
        position=position,
        is_active=True,
    )
    uow.session.add(group)
    uow.session.flush()  # menus and members name it by id
    _announce(uow, group, actor)
    return group


def rename_group(uow: UnitOfWork, code: str, *, name: str, actor: str) -> CitizenGroup:
    """Change the name; the tags on the platforms keep the old one, which only staff see."""
    group = queries.get_group(uow.session, code)
    if name.strip() != group.name:
        _require_free(uow, name)
        group.name = name.strip()
        _announce(uow, group, actor)
    return group


def set_group_active(uow: UnitOfWork, code: str, *, is_active: bool, actor: str) -> CitizenGroup:
    """Offer the group or no longer; one whose menu citizens see cannot be taken away."""
    group = queries.get_group(uow.session, code)
    if not is_active and _is_shown_a_menu(uow, group):
        raise GroupHasMenu(name=group.name)
    if group.is_active != is_active:
        group.is_active = is_active
        _announce(uow, group, actor)
    return group


def choose_group(uow: UnitOfWork, conversation_id: int, code: str, *, actor: str) -> GroupMember:
    """Put the citizen into the group, out of any other; an empty code: into none."""
    conversation = conversations.get(uow.session, conversation_id)
    group = queries.get_group(uow.session, code) if code else None
    if group is not None and not group.is_active:
        raise GroupNotFound(group=code)
    uow.session.execute(
        insert(GroupMember)
        .values(
            identity_id=conversation.identity_id,
            chosen_at=uow.now,
            chosen_by=actor,
            is_told=False,
        )
        .on_conflict_do_nothing()
    )
    member = queries.get_member_for_change(uow.session, conversation.identity_id)
    member.group = group
    member.chosen_at, member.chosen_by = uow.now, actor
    member.is_told, member.error = False, None
    jobs.defer(uow, jobs.tag_citizen(conversation.identity_id))
    uow.announce(
        CitizenJoinedGroup(
            at=uow.now,
            actor=actor,
            conversation_id=conversation_id,
            code=group.code if group else "",
        )
    )
    return member


def record_tagging(
    uow: UnitOfWork,
    identity_id: int,
    *,
    group_id: int | None,
    tag_id: int | None,
    error: str = "",
) -> None:
    """Note what the platform has been told; a choice made meanwhile stays open."""
    member = queries.get_member_for_change(uow.session, identity_id)
    member.told_tag_id = tag_id
    member.error = error or None
    member.is_told = not error and member.group_id == group_id


def set_tag(
    uow: UnitOfWork, channel: ChannelName, account: str, group_id: int, tag_id: int
) -> None:
    tag = queries.find_tag(uow.session, channel, account, group_id)
    if tag is None:
        tag = GroupTag(channel=channel, account=account, group_id=group_id)
        uow.session.add(tag)
    tag.tag_id = tag_id


def forget_tag(uow: UnitOfWork, channel: ChannelName, account: str, group_id: int) -> None:
    """The platform has this tag no longer: tell it anew of the group's people and its menu."""
    tag = queries.find_tag(uow.session, channel, account, group_id)
    if tag is None:
        return
    gone = tag.tag_id
    uow.session.delete(tag)
    for member in queries.told_of_tag(uow.session, channel, account, gone):
        member.told_tag_id, member.is_told = None, False
        jobs.defer(uow, jobs.tag_citizen(member.identity_id))
    menu = queries.find_online(uow.session, channel, account, group_id)
    if menu is not None:
        jobs.defer(uow, jobs.settle_menu(menu.id, channel, account))


def _require_free(uow: UnitOfWork, name: str) -> None:
    name = name.strip()
    if not name or len(name.encode()) > MAX_GROUP_NAME_BYTES:
        raise GroupNameInvalid(characters=MAX_GROUP_NAME_BYTES // 3)
    if queries.find_group_named(uow.session, name) is not None:
        raise GroupNameTaken(name=name)


def _is_shown_a_menu(uow: UnitOfWork, group: CitizenGroup) -> bool:
    return (
        uow.session.query(Menu.id).where(Menu.group_id == group.id, Menu.state.in_(ONLINE)).first()
        is not None
    )


def _announce(uow: UnitOfWork, group: CitizenGroup, actor: str) -> None:
    uow.announce(
        GroupChanged(
            at=uow.now, actor=actor, code=group.code, name=group.name, is_active=group.is_active
        )
    )
