"""What a platform would refuse is found before it is asked."""

import pytest

from core.menus.buttons import Button, clicked, key_of, leaves, read, written
from core.menus.limits import LIMITS, Known, errors, problems
from core.menus.states import ButtonKind, MenuState, MenuStep, next_state
from core.messaging import ChannelName

K = ButtonKind
KNOWN = Known(entries={"id_card"}, groups={"enterprise"}, own_url="https://desk.gov.cn")
WECHAT, WEIBO = LIMITS[ChannelName.WECHAT], LIMITS[ChannelName.WEIBO]


def a_button(name="人工服务", kind=K.WISH, value="human", **given):
    return Button(name=name, kind=kind, value=value, **given)


def a_sub_menu(*subs, name="办事"):
    return Button(name=name, kind=K.SUB_MENU, sub_buttons=subs)


def a_link(host, name="链接"):
    return a_button(name, K.LINK, f"https://{host}/")


def found(*buttons, limits=WECHAT):
    return {(it.place, it.where.value, it.code) for it in problems(buttons, limits, KNOWN)}


def test_a_sound_menu_has_no_problems():
    subs = [
        a_button("身份证办理", K.ENTRY, "id_card"),
        a_button("办件查询", K.PAGE, "look_up"),
        a_button("报名", K.MINI_PROGRAM, "wx0123456789abcdef", path="p/i", address="https://a.cn"),
        a_button("扫码", K.SCAN, ""),
        a_button("我是企业", K.GROUP, "enterprise"),
    ]

    assert problems([a_sub_menu(*subs), a_button()], WECHAT, KNOWN) == []


def test_a_menu_needs_one_to_three_buttons():
    four = [a_button(name) for name in "甲乙丙丁"]

    assert found() == {("", "whole", "no_buttons")}
    assert ("", "whole", "too_many_buttons") in found(*four)
    assert ("", "whole", "too_many_buttons") not in found(*four[:3])


def test_a_sub_menu_holds_one_to_five_buttons_and_no_other_sub_menu():
    six = [a_button(name) for name in "甲乙丙丁戊己"]

    assert ("0", "kind", "sub_menu_empty") in found(a_sub_menu())
    assert ("0", "kind", "too_many_sub_buttons") in found(a_sub_menu(*six))
    assert ("0", "kind", "too_many_sub_buttons") not in found(a_sub_menu(*six[:5]))
    assert ("0.0", "kind", "sub_menu_too_deep") in found(a_sub_menu(a_sub_menu(a_button("里"))))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "name_missing"),
        ("  ", "name_missing"),
        ("一二三四五六", "name_too_long"),  # 18 bytes
        ("abcdefghijklmnopq", "name_too_long"),  # 17 bytes
        ("一二三四五", "name_cut_off"),  # 15 bytes, but a phone shows four
        ("一二三四", None),
    ],
)
def test_a_name_at_the_foot_has_sixteen_bytes_and_four_signs_are_shown(name, code):
    codes = {it.code for it in problems([a_button(name)], WECHAT, KNOWN)}

    assert codes == ({code} if code else set())


def test_a_name_in_a_sub_menu_has_sixty_bytes():
    assert found(a_sub_menu(a_button("字" * 20))) == set()
    assert found(a_sub_menu(a_button("字" * 21))) == {("0.0", "name", "name_too_long")}


def test_what_is_only_unwise_stops_nobody():
    warned = problems([a_button("一二三四五")], WECHAT, KNOWN)

    assert [it.is_warning for it in warned] == [True]
    assert errors(warned) == []


def test_names_do_not_repeat_side_by_side():
    repeated = ("name", "name_repeated")

    assert {("0", *repeated), ("1", *repeated)} <= found(
        a_button("甲"), a_button("甲", value="ask")
    )
    assert found(a_sub_menu(a_button("甲")), a_button("甲", value="ask")) == set()


@pytest.mark.parametrize(
    ("button", "code"),
    [
        (a_button(value="dance"), "wish_unknown"),
        (a_button(kind=K.ENTRY, value=""), "entry_missing"),
        (a_button(kind=K.ENTRY, value="withdrawn"), "entry_gone"),
        (a_button(kind=K.PHRASE, value=" "), "phrase_missing"),
        (a_button(kind=K.PHRASE, value="字" * 101), "phrase_too_long"),
        (a_button(kind=K.PAGE, value="secret"), "page_unknown"),
        (a_button(kind=K.GROUP, value="elves"), "group_unknown"),
        (
            a_button(kind=K.MINI_PROGRAM, value="wx1", path="p", address="https://a.cn"),
            "app_id_invalid",
        ),
        (a_button(kind=K.LINK, value=""), "address_missing"),
        (a_button(kind=K.LINK, value="javascript:alert(1)"), "address_invalid"),
        (a_button(kind=K.LINK, value="www.gov.cn"), "address_invalid"),
        (a_button(kind=K.LINK, value="https://"), "address_invalid"),
        (a_button(kind=K.LINK, value="https://a.cn/a b"), "address_invalid"),
        (a_button(kind=K.LINK, value="https://gov.cn@evil.cn/"), "address_invalid"),
        (a_button(kind=K.LINK, value="https://a.cn:port/"), "address_invalid"),
        (a_button(kind=K.LINK, value="https://[::1/"), "address_invalid"),
        (a_button(kind=K.LINK, value="https://a.cn/" + "x" * 1012), "address_too_long"),
    ],
)
def test_a_button_must_lead_somewhere(button, code):
    assert found(button) == {("0", "value", code)}


def test_an_address_of_exactly_1024_bytes_is_taken():
    assert found(a_button(kind=K.LINK, value="https://a.cn/" + "x" * 1011)) == set()


def test_a_mini_program_names_its_page_and_a_page_for_old_clients():
    bare = a_button(kind=K.MINI_PROGRAM, value="wx0123456789abcdef")

    assert found(bare) == {("0", "path", "path_missing"), ("0", "address", "address_missing")}


def test_at_most_three_domains_outside_are_led_to():
    three = [a_link("a.cn", "甲"), a_link("b.cn", "乙"), a_link("c.cn", "丙")]
    own = a_link("desk.gov.cn", "自")

    assert found(a_sub_menu(*three, own)) == set()
    assert found(a_sub_menu(*three, a_link("d.cn", "丁"))) == {("", "whole", "too_many_domains")}


def test_two_buttons_that_do_the_same_are_pointed_out():
    [first, second] = problems([a_button("甲"), a_button("乙")], WECHAT, KNOWN)

    assert {first.code, second.code} == {"target_repeated"}
    assert first.is_warning


@pytest.mark.parametrize("kind", [K.MINI_PROGRAM, K.SCAN, K.GROUP])
def test_weibo_knows_clicks_and_pages_only(kind):
    button = a_button(kind=kind, value="")

    assert ("0", "kind", "kind_not_offered") in found(button, limits=WEIBO)
    assert ("0", "kind", "kind_not_offered") not in found(button, limits=WECHAT)


def test_buttons_are_kept_as_they_are():
    buttons = (a_sub_menu(a_button("甲"), a_link("a.cn")), a_button("丙", K.GROUP, ""))

    assert read(written(buttons)) == buttons


def test_what_a_sub_menu_held_is_kept_but_not_shown_when_it_becomes_a_button():
    changed = Button(name="甲", kind=K.WISH, value="ask", sub_buttons=(a_button("乙"),))

    assert read(written([changed])) == (changed,)
    assert [place for place, _ in leaves([changed])] == ["0"]


def test_a_click_names_the_menu_and_the_button():
    assert clicked(key_of(12, "1.4")) == (12, "1.4")
    assert len(key_of(10**18 - 1, "2.4").encode()) <= 128


@pytest.mark.parametrize(
    "key", ["", "HUMAN", "desk-", "desk-1", "desk-x-0", "desk-1-0.0.0", "desk-1-0\n"]
)
def test_other_keys_are_not_ours(key):
    assert clicked(key) is None


@pytest.mark.parametrize("state", [it for it in MenuState if it is not MenuState.DRAFT])
def test_only_a_draft_is_handed_in(state):
    with pytest.raises(Exception, match="illegal_menu_step"):
        next_state(state, MenuStep.SUBMIT)
