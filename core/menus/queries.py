"""Questions about menus and groups. Reading only: changes are in services."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.conversations.models import ChannelIdentity, Conversation
from core.menus.buttons import Button, clicked, leaves
from core.menus.errors import GroupNotFound, MenuNotFound
from core.menus.models import CitizenGroup, GroupMember, GroupTag, Menu, MenuLook
from core.menus.states import ONLINE, OPEN, UNSETTLED, MenuState
from core.messaging import ChannelName


def get(session: Session, menu_id: int) -> Menu:
    menu = session.get(Menu, menu_id)
    if menu is None:
        raise MenuNotFound(menu_id=menu_id)
    return menu


def get_for_change(session: Session, menu_id: int) -> Menu:
    menu = session.scalars(
        select(Menu)
        .filter_by(id=menu_id)
        .with_for_update(of=Menu)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if menu is None:
        raise MenuNotFound(menu_id=menu_id)
    return menu


def find_open(
    session: Session, channel: ChannelName, account: str, group_id: int | None
) -> Menu | None:
    """Return the version that is being worked on."""
    return _one(session, channel, account, group_id, OPEN)


def find_online(
    session: Session, channel: ChannelName, account: str, group_id: int | None
) -> Menu | None:
    """Return the version that citizens see."""
    return _one(session, channel, account, group_id, ONLINE)


def _one(
    session: Session,
    channel: ChannelName,
    account: str,
    group_id: int | None,
    states: frozenset[MenuState],
) -> Menu | None:
    return session.scalars(
        select(Menu).where(
            Menu.channel == channel,
            Menu.account == account,
            Menu.group_id.is_not_distinct_from(group_id),
            Menu.state.in_(states),
        )
    ).one_or_none()


def online(session: Session, channel: ChannelName, account: str) -> Sequence[Menu]:
    """Return all that citizens of the account see: the menu for everybody first."""
    return session.scalars(
        select(Menu)
        .where(Menu.channel == channel, Menu.account == account, Menu.state.in_(ONLINE))
        .order_by(Menu.group_id.nulls_first())
    ).all()


def all_online(session: Session) -> Sequence[Menu]:
    return session.scalars(
        select(Menu).where(Menu.state == MenuState.PUBLISHED).order_by(Menu.group_id.nulls_first())
    ).all()


def versions(
    session: Session, channel: ChannelName, account: str, group_id: int | None, *, limit: int = 50
) -> Sequence[Menu]:
    """Return the versions that were not thrown away, newest first."""
    return session.scalars(
        select(Menu)
        .where(
            Menu.channel == channel,
            Menu.account == account,
            Menu.group_id.is_not_distinct_from(group_id),
            Menu.state != MenuState.DISCARDED,
        )
        .order_by(Menu.number.desc())
        .limit(limit)
    ).all()


def last_number(session: Session, channel: ChannelName, account: str, group_id: int | None) -> int:
    found = session.scalar(
        select(func.max(Menu.number)).where(
            Menu.channel == channel,
            Menu.account == account,
            Menu.group_id.is_not_distinct_from(group_id),
        )
    )
    return found or 0


def awaiting_release(session: Session) -> Sequence[Menu]:
    """Return what a second person is to look at."""
    return session.scalars(select(Menu).where(Menu.state == MenuState.SUBMITTED)).all()


def unsettled_since(session: Session, before: datetime) -> Sequence[Menu]:
    """Return what the platform should have been told of by now."""
    return session.scalars(
        select(Menu).where(Menu.state.in_(UNSETTLED), Menu.changed_at < before)
    ).all()


def find_clicked(session: Session, channel: ChannelName, account: str, key: str) -> Button | None:
    """Return the button a click means, also one of a menu that has been replaced."""
    named = clicked(key)
    if named is None:
        return None
    menu = session.get(Menu, named[0])
    if menu is None or (menu.channel, menu.account) != (channel, account):
        return None
    return dict(leaves(menu.buttons)).get(named[1])


def find_look(session: Session, channel: ChannelName, account: str) -> MenuLook | None:
    return session.get(MenuLook, (channel, account))


def groups(session: Session, *, with_retired: bool = False) -> Sequence[CitizenGroup]:
    query = select(CitizenGroup).order_by(CitizenGroup.position, CitizenGroup.id)
    return session.scalars(query if with_retired else query.filter_by(is_active=True)).all()


def get_group(session: Session, code: str) -> CitizenGroup:
    found = find_group(session, code)
    if found is None:
        raise GroupNotFound(group=code)
    return found


def find_group(session: Session, code: str) -> CitizenGroup | None:
    return session.scalars(select(CitizenGroup).filter_by(code=code)).one_or_none()


def find_group_named(session: Session, name: str) -> CitizenGroup | None:
    return session.scalars(select(CitizenGroup).filter_by(name=name)).one_or_none()


def group_sizes(session: Session) -> dict[int, int]:
    """Return how many citizens each group has, by its id."""
    rows = session.execute(
        select(GroupMember.group_id, func.count())
        .where(GroupMember.group_id.is_not(None))
        .group_by(GroupMember.group_id)
    )
    return {row[0]: row[1] for row in rows if row[0] is not None}


def find_member(session: Session, identity_id: int) -> GroupMember | None:
    return session.get(GroupMember, identity_id)


def get_member_for_change(session: Session, identity_id: int) -> GroupMember:
    return session.scalars(
        select(GroupMember)
        .filter_by(identity_id=identity_id)
        .with_for_update(of=GroupMember)
        .execution_options(populate_existing=True)
    ).one()


def find_member_in(session: Session, conversation_id: int) -> GroupMember | None:
    return session.scalars(
        select(GroupMember)
        .join(Conversation, Conversation.identity_id == GroupMember.identity_id)
        .where(Conversation.id == conversation_id)
    ).one_or_none()


def told_of_tag(
    session: Session, channel: ChannelName, account: str, tag_id: int
) -> Sequence[GroupMember]:
    """Return the citizens whom the platform was told to give this tag."""
    return session.scalars(
        select(GroupMember)
        .join(ChannelIdentity, ChannelIdentity.id == GroupMember.identity_id)
        .where(
            GroupMember.told_tag_id == tag_id,
            ChannelIdentity.channel == channel,
            ChannelIdentity.account == account,
        )
    ).all()


def find_tag(
    session: Session, channel: ChannelName, account: str, group_id: int
) -> GroupTag | None:
    return session.scalars(
        select(GroupTag).filter_by(channel=channel, account=account, group_id=group_id)
    ).one_or_none()
