"""What a tap on the account's menu means: words for the bot, a notice, or another menu."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.events import citizen_actor
from core.knowledge import queries as knowledge
from core.knowledge.errors import AnswerRepealed, EntryNotFound, EntryNotPublished
from core.menus import queries, services
from core.menus.buttons import Button
from core.menus.states import ButtonKind
from core.messaging import MENU_WISH, ChannelAddress, Choice, InboundKind
from core.unit_of_work import UnitOfWork

COMMON_MENU = Choice("使用通用菜单", "使用通用菜单")


@dataclass(frozen=True)
class Meaning:
    """Either `words`, said in the citizen's name, or a `notice` with its facts and choices."""

    words: str = ""
    notice: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Clicker:
    """Who tapped, and where."""

    conversation_id: int
    citizen_id: int
    address: ChannelAddress


def meaning_of_click(
    uow: UnitOfWork, key: str, by: Clicker, menu_words: Mapping[str, str]
) -> Meaning:
    """Find the button in the menu the citizen saw, also in an older one; never say nothing.

    A key that is in no menu of ours may be in the words that hold for a fresh desk.
    """
    button = queries.find_clicked(uow.session, by.address.channel, by.address.account, key)
    if button is not None:
        return _meaning(uow, button, by, menu_words)
    words = menu_words.get(key, "")
    return Meaning(words=words) if words else Meaning(notice="menu_key_unknown")


def meaning_of_wish_for_menu(uow: UnitOfWork, words: str, by: Clicker) -> Meaning | None:
    """Read a wish for another menu, in the very words that are offered to tap; else None."""
    if not MENU_WISH.fullmatch(words):
        return None
    if words == COMMON_MENU.says:
        return _choose(uow, "", by)
    for group in queries.groups(uow.session):
        if words == group.says:
            return _choose(uow, group.code, by)
    return None


def wish_for_menu(uow: UnitOfWork, message: Any, by: Clicker) -> Meaning | None:
    """Do what the message asks for if that is another menu, however it was asked; else None."""
    if message.kind is InboundKind.TEXT:
        return meaning_of_wish_for_menu(uow, message.text.strip(), by)
    if message.kind is not InboundKind.MENU_CLICK:
        return None
    key = str(message.payload.get("key", ""))
    button = queries.find_clicked(uow.session, by.address.channel, by.address.account, key)
    if button is None or button.kind is not ButtonKind.GROUP or not button.value:
        return None
    group = queries.find_group(uow.session, button.value)
    return _choose(uow, button.value, by) if group is not None and group.is_active else None


def _meaning(
    uow: UnitOfWork, button: Button, by: Clicker, menu_words: Mapping[str, str]
) -> Meaning:
    match button.kind:
        case ButtonKind.WISH:
            return Meaning(words=menu_words[button.value.upper()])
        case ButtonKind.PHRASE:
            return Meaning(words=button.value)
        case ButtonKind.ENTRY:
            return _question(uow, button)
        case ButtonKind.GROUP:
            return _choose(uow, button.value, by) if button.value else _offer(uow)
        case ButtonKind.SCAN:
            return Meaning(notice="menu_scanned")
    return Meaning(notice="menu_key_unknown")  # it opens a page and tells nothing


def _question(uow: UnitOfWork, button: Button) -> Meaning:
    try:
        entry = knowledge.get_servable(uow.session, button.value, today=uow.today)
    except (EntryNotFound, EntryNotPublished, AnswerRepealed):
        return Meaning(notice="menu_entry_gone", facts={"button": button.name})
    return Meaning(words=entry.question)


def _offer(uow: UnitOfWork) -> Meaning:
    groups = queries.groups(uow.session)
    choices = [Choice(group.name, group.says) for group in groups]
    return Meaning(notice="menu_group_offered", choices=(*choices, COMMON_MENU))


def _choose(uow: UnitOfWork, code: str, by: Clicker) -> Meaning:
    group = queries.find_group(uow.session, code) if code else None
    if code and (group is None or not group.is_active):
        return _offer(uow)
    services.choose_group(uow, by.conversation_id, code, actor=citizen_actor(by.citizen_id))
    if group is None:
        return Meaning(notice="menu_group_left")
    return Meaning(notice="menu_group_chosen", facts={"group": group.name}, choices=(COMMON_MENU,))
