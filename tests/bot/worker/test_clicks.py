"""A tap on the menu leads somewhere, whichever menu it was on."""

import pytest
from sqlalchemy import text as text_of

from bot.worker.turns import Turns
from config.notices import load_menu_words
from core.conversations import queries as conversations
from core.conversations.services import receive, take_over
from core.conversations.states import Visibility
from core.menus import queries, services
from core.menus.buttons import Button, key_of
from core.menus.states import ButtonKind, Wish
from core.messaging import InboundKind, InboundMessage
from tests.bot.worker.test_turns import PATIENCE, arrange, thread
from tests.builders import a_conversation, an_address, an_entry, an_operator
from tests.core.menus.scenes import a_published

K = ButtonKind


@pytest.fixture
def turns(core, dialogue) -> Turns:
    return Turns(core, dialogue, load_menu_words(), PATIENCE)


def a_menu_of(core, *buttons):
    """Return the id of a menu that was published with these."""
    with core.unit_of_work() as uow:
        menu = a_published(uow)
        menu.content = [button.as_json() for button in buttons]
        return menu.id


def click(core, turns, key):
    message = arrange(core, kind=InboundKind.MENU_CLICK, text="", payload={"key": key})
    turns.answer(message.id, is_retry=False)
    return message


def test_every_wish_has_words():
    assert {wish.value.upper() for wish in Wish} <= set(load_menu_words())


@pytest.mark.parametrize(
    ("button", "words"),
    [
        (Button(name="人工", value="human"), "转人工"),
        (Button(name="预约", kind=K.PHRASE, value="怎么预约婚姻登记"), "怎么预约婚姻登记"),
    ],
)
def test_a_tap_says_its_words(core, turns, rasa, button, words):
    menu_id = a_menu_of(core, button)

    click(core, turns, key_of(menu_id, "0"))

    assert rasa.turns[0]["text"] == words


def test_a_tap_on_an_entry_asks_its_question(core, turns, rasa):
    with core.unit_of_work() as uow:
        entry = an_entry(uow, question="身份证丢了怎么补领？")
    menu_id = a_menu_of(core, Button(name="身份证", kind=K.ENTRY, value=entry.slug))

    click(core, turns, key_of(menu_id, "0"))

    assert rasa.turns[0]["text"] == "身份证丢了怎么补领？"


def test_an_entry_that_is_gone_is_told_by_the_buttons_name(core, turns, rasa):
    menu_id = a_menu_of(core, Button(name="旧业务", kind=K.ENTRY, value="gone"))

    message = click(core, turns, key_of(menu_id, "0"))

    assert "“旧业务”的内容正在更新" in thread(core, message)[-1].text
    assert rasa.turns == []


def test_a_tap_on_a_replaced_menu_means_what_it_meant(core, turns, rasa):
    menu_id = a_menu_of(core, Button(name="人工", value="human"))
    a_menu_of(core, Button(name="提问", value="ask"))

    click(core, turns, key_of(menu_id, "0"))

    assert rasa.turns[0]["text"] == "转人工"


def test_a_fresh_desk_knows_the_words_of_its_file(core, turns, rasa):
    click(core, turns, "STATUS")

    assert rasa.turns[0]["text"] == "查询办理进度"


@pytest.mark.parametrize("key", ["NOBODY_KNOWS", "desk-999999-0", ""])
def test_an_unknown_key_is_answered_with_something_to_tap(core, turns, rasa, key):
    message = click(core, turns, key)

    answer = thread(core, message)[-1]
    assert "菜单按钮已经更新或停用" in answer.text
    assert "转人工" in [choice["says"] for choice in answer.choices]
    assert rasa.turns == []


def test_a_citizen_chooses_a_group_and_leaves_it_again(core, turns, rasa):
    with core.unit_of_work() as uow:
        services.add_group(uow, name="企业", code="enterprise", actor="system")
    menu_id = a_menu_of(core, Button(name="切换", kind=K.GROUP))

    offered = click(core, turns, key_of(menu_id, "0"))
    says = [choice["says"] for choice in thread(core, offered)[-1].choices]
    assert says == ["使用企业菜单", "使用通用菜单"]

    with core.unit_of_work() as uow:
        address = conversations.get(uow.session, offered.conversation_id).identity.address
    for words, group in [("使用企业菜单", "enterprise"), ("使用通用菜单", None)]:
        said = arrange(core, text=words, address=address)
        turns.answer(said.id, is_retry=False)
        with core.unit_of_work() as uow:
            member = queries.find_member_in(uow.session, offered.conversation_id)
            assert (member.group.code if member.group else None) == group
    assert rasa.turns == []


def test_other_words_about_menus_are_for_the_bot(core, turns, rasa):
    message = arrange(core, text="使用说明在哪个菜单")

    turns.answer(message.id, is_retry=False)

    assert len(rasa.turns) == 1


@pytest.fixture
def spoken_with(core, turns):
    """Return what a citizen in an operator's talk can do, and the talk."""
    with core.unit_of_work() as uow:
        services.add_group(uow, name="企业", code="enterprise", actor="system")
        operator = an_operator(uow)
        conversation = a_conversation(uow, address=an_address(platform_id="oTaps"))
        take_over(uow, conversation.id, operator_id=operator.id)

    def does(kind, **given):
        with core.unit_of_work() as uow:
            receipt = receive(
                uow,
                InboundMessage(
                    address=conversation.identity.address,
                    dedupe_key=f"tap-{given}",
                    kind=kind,
                    sent_at=uow.now,
                    **given,
                ),
            )
        return receipt.message_id

    return conversation.id, does


def notes_in(core, conversation_id):
    with core.unit_of_work() as uow:
        said = conversations.thread(uow.session, conversation_id)
        return [line.text for line in said if line.visibility is Visibility.PRIVATE]


def test_a_group_chosen_in_an_operators_talk_is_applied_and_noted_for_staff(
    core, turns, rasa, spoken_with
):
    conversation_id, does = spoken_with
    menu_id = a_menu_of(core, Button(name="企业", kind=K.GROUP, value="enterprise"))

    tap = does(InboundKind.MENU_CLICK, payload={"key": key_of(menu_id, "0")})
    turns.read_tap(tap)
    turns.read_tap(tap)  # the job is repeated

    [note] = notes_in(core, conversation_id)
    assert "“企业”" in note
    with core.unit_of_work() as uow:
        assert queries.find_member_in(uow.session, conversation_id).group.code == "enterprise"
        said = conversations.thread(uow.session, conversation_id)
        assert all(line.delivery is None for line in said if line.text == note)
    assert rasa.turns == []


def test_words_for_a_menu_count_as_much_as_a_tap_in_an_operators_talk(core, turns, spoken_with):
    conversation_id, does = spoken_with

    turns.read_tap(does(InboundKind.TEXT, text="使用企业菜单"))
    turns.read_tap(does(InboundKind.TEXT, text="使用通用菜单"))

    assert [("企业" in note, "通用" in note) for note in notes_in(core, conversation_id)] == [
        (True, False),
        (False, True),
    ]


@pytest.mark.parametrize(
    "button",
    [
        Button(name="人工", value="human"),
        Button(name="切换", kind=K.GROUP),
        Button(name="旧", kind=K.GROUP, value="gone"),
    ],
)
def test_other_taps_in_an_operators_talk_are_left_to_the_operator(core, turns, spoken_with, button):
    conversation_id, does = spoken_with
    menu_id = a_menu_of(core, button)

    turns.read_tap(does(InboundKind.MENU_CLICK, payload={"key": key_of(menu_id, "0")}))

    assert notes_in(core, conversation_id) == []


def test_only_what_may_be_a_choice_of_a_menu_is_looked_at_once_more(core, spoken_with):
    _, does = spoken_with

    for text in ("使用企业菜单", "我想问一下"):
        does(InboundKind.TEXT, text=text)

    with core.unit_of_work() as uow:
        promised = uow.session.scalars(
            text_of("SELECT task_name FROM procrastinate_jobs WHERE task_name = 'read_tap'")
        ).all()
    assert promised == ["read_tap"]
