"""Drafting, checking, handing in and letting out, as people do it on the pages."""

import pytest

from core.menus import queries, services
from core.menus.services import Place
from core.menus.states import LookOutcome, MenuState
from core.messaging import ChannelName
from core.operators.permissions import Role
from tests.builders import a_conversation, an_entry
from tests.console.browsing import words_of
from tests.core.menus.scenes import BUTTONS, a_draft, a_published, a_submitted

HOME = "/menus/wechat/demo/all"
FORM = {
    "places": ["0", "1", "1.0"],
    "name-0": "提问",
    "kind-0": "wish",
    "wish-0": "ask",
    "name-1": "办事",
    "kind-1": "sub_menu",
    "name-1.0": "网站",
    "kind-1.0": "link",
    "link-1.0": "https://www.gov.cn/",
}


@pytest.fixture
def editor(sign_in_as):
    return sign_in_as(Role.EDITOR)


@pytest.fixture
def reviewer(sign_in_as):
    return sign_in_as(Role.KNOWLEDGE_REVIEWER)


def draft_of(core):
    with core.unit_of_work() as uow:
        return queries.find_open(uow.session, *DEMO, None)


DEMO = (ChannelName.WECHAT, "demo")


def arrange(core, make, **given):
    with core.unit_of_work() as uow:
        menu = make(uow, **given)
        return menu.id, menu.revision


def edit(visitor, core, do, **changed):
    draft = draft_of(core)
    form = FORM | {"seen_revision": draft.revision, "do": do} | changed
    return visitor.post(f"/menus/drafts/{draft.id}/edit", form)


def test_a_first_menu_is_begun_and_typed(editor, core):
    assert "还没有菜单" in words_of(editor.get(HOME))

    editor.post(f"{HOME}/begin")
    saved = edit(editor, core, "save")

    assert saved.status_code == 303
    first, second = draft_of(core).buttons
    assert (first.name, first.value) == ("提问", "ask")
    assert second.sub_buttons[0].value == "https://www.gov.cn/"


def test_buttons_are_added_moved_and_removed_without_saving(editor, core):
    arrange(core, a_draft)
    editor.get(HOME)

    added = edit(editor, core, "add:1")
    moved = edit(editor, core, "up:1")
    removed = edit(editor, core, "remove:1.0")

    assert 'id="name-1.1"' in added.text
    assert 'name="name-0" value="办事"' in moved.text
    assert "网站" not in removed.text
    assert draft_of(core).buttons == BUTTONS


def test_what_is_wrong_is_told_at_the_field_and_nothing_typed_is_lost(editor, core):
    arrange(core, a_draft)
    editor.get(HOME)

    refused = edit(
        editor, core, "submit", **{"name-0": "名字实在太长了", "link-1.0": "javascript:x"}
    )

    assert refused.status_code == 422
    read = words_of(refused)
    assert "名称过长：21 字节，最多 16 字节（约 5 个汉字）。" in read
    assert "网址须以 https:// 或 http:// 开头" in read
    assert "菜单还有 2 处不符合平台要求" in read
    assert 'value="javascript:x"' in refused.text
    assert draft_of(core).state is MenuState.DRAFT
    assert draft_of(core).buttons[0].name == "名字实在太长了"


def test_what_is_still_empty_is_not_called_wrong_while_typing(editor, core):
    arrange(core, a_draft)
    editor.get(HOME)

    assert "请填写按钮名称" not in edit(editor, core, "refresh", **{"name-0": ""}).text
    assert "请填写按钮名称" in edit(editor, core, "submit", **{"name-0": ""}).text


def test_two_editors_at_once_lose_nothing(editor, reviewer, core):
    _, seen = arrange(core, a_draft)
    reviewer.get(HOME)
    editor.get(HOME)
    edit(reviewer, core, "save", **{"name-0": "先存的"})

    late = edit(editor, core, "save", seen_revision=seen, **{"name-0": "后存的"})

    assert late.status_code == 409
    assert "已保存过这份草稿" in words_of(late)
    assert 'value="后存的"' in late.text
    assert draft_of(core).buttons[0].name == "先存的"

    edit(editor, core, "overwrite", seen_revision=seen, **{"name-0": "后存的"})
    assert draft_of(core).buttons[0].name == "后存的"


def test_a_second_person_lets_the_menu_out(editor, reviewer, core):
    editor.get(HOME)
    editor.post(f"{HOME}/begin")
    edit(editor, core, "submit")
    draft = draft_of(core)
    page = words_of(reviewer.get(HOME))

    reviewer.post(f"/menus/drafts/{draft.id}/release", {"seen_revision": draft.revision})

    assert "新增 提问 → 办理事项：我要提问" in page
    assert "确认发布" in page
    assert draft_of(core).state is MenuState.PUBLISHING
    assert "正在告知平台" in words_of(reviewer.get(HOME))


def test_who_edited_cannot_let_it_out(reviewer, core):
    reviewer.get(HOME)
    reviewer.post(f"{HOME}/begin")
    edit(reviewer, core, "submit")
    draft = draft_of(core)

    page = words_of(reviewer.get(HOME))
    reviewer.post(f"/menus/drafts/{draft.id}/release", {"seen_revision": draft.revision})

    assert "须由另一位同事核对后发布" in page
    assert "确认发布" not in page
    assert draft_of(core).state is MenuState.SUBMITTED
    assert "您编辑过这份菜单，不能由您发布" in words_of(reviewer.get(HOME))


def test_an_editor_without_the_permission_lets_nothing_out(editor, core):
    menu_id, revision = arrange(core, a_submitted)
    editor.get(HOME)

    answer = editor.post(f"/menus/drafts/{menu_id}/release", {"seen_revision": revision})

    assert answer.status_code == 403
    assert draft_of(core).state is MenuState.SUBMITTED


def test_an_account_without_the_right_is_told_so_clearly(reviewer, core):
    menu_id, revision = arrange(core, a_submitted, place=Place(ChannelName.WECHAT, "plain"))
    page = words_of(reviewer.get("/menus/wechat/plain/all"))

    reviewer.post(f"/menus/drafts/{menu_id}/release", {"seen_revision": revision})

    assert "没有“自定义菜单”接口权限" in page
    assert "平台不允许这个账号通过接口设置菜单" in words_of(reviewer.get("/menus/wechat/plain/all"))


def test_a_menu_goes_back_with_a_reason(editor, reviewer, core):
    menu_id, _ = arrange(core, a_submitted)
    reviewer.get(HOME)

    reviewer.post(f"/menus/drafts/{menu_id}/send-back", {"reason": "缺少投诉入口"})

    assert "退回原因：缺少投诉入口" in words_of(editor.get(HOME))


def test_the_platforms_refusal_is_shown_with_its_reason(reviewer, core):
    menu_id, revision = arrange(core, a_submitted)
    reviewer.get(HOME)
    reviewer.post(f"/menus/drafts/{menu_id}/release", {"seen_revision": revision})
    with core.unit_of_work() as uow:
        services.record_refusal(uow, menu_id, code="40018", reason="40018 菜单名称为空或过长")

    page = words_of(reviewer.get(HOME))

    assert "平台没有接受：40018 菜单名称为空或过长" in page
    assert "再次发布" in page


def test_a_difference_online_is_a_warning_that_shows_what_is_there(reviewer, core):
    arrange(core, a_published)
    with core.unit_of_work() as uow:
        found = [{"group": "", "buttons": [{"name": "后台改的", "sub_button": [{"name": "子"}]}]}]
        services.record_look(uow, *DEMO, LookOutcome.DIFFERENT, found=found)

    page = words_of(reviewer.get_fragment(f"{HOME}/status"))

    assert "线上与本系统不一致" in page
    assert "后台改的（子）" in page
    assert "按本系统重新发布" in page


def test_an_old_version_is_shown_with_its_differences_and_restored(editor, core):
    old, _ = arrange(core, a_published)
    arrange(core, a_published)

    page = words_of(editor.get(f"/menus/versions/{old}"))
    editor.post(f"{HOME}/begin", {"based_on": old})

    assert "首个版本" in page
    assert "以这一版为草稿" in page
    assert draft_of(core).based_on == 1


def test_a_version_of_another_account_is_not_restored_here(editor, core):
    other, _ = arrange(core, a_published, place=Place(ChannelName.WECHAT, "plain"))
    editor.get(HOME)

    assert editor.post(f"{HOME}/begin", {"based_on": other}).status_code == 404


def test_a_menu_is_withdrawn(reviewer, core):
    menu_id, _ = arrange(core, a_published)
    reviewer.get(HOME)

    reviewer.post(f"/menus/versions/{menu_id}/withdraw")

    assert "正在从平台撤下" in words_of(reviewer.get(HOME))


def test_groups_are_kept_and_have_menus_of_their_own(editor, core):
    editor.get("/menus/groups")
    editor.post("/menus/groups", {"name": "企业"})
    editor.post("/menus/groups", {"name": "企业"})
    assert "已有名为“企业”的群体" in words_of(editor.get("/menus/groups"))
    with core.unit_of_work() as uow:
        [group] = queries.groups(uow.session)

    editor.post(f"/menus/wechat/demo/{group.code}/begin")
    with core.unit_of_work() as uow:
        assert queries.find_open(uow.session, *DEMO, group.id) is not None
    editor.post(f"/menus/groups/{group.code}/active", {"is_active": "no"})
    assert "已停用" in words_of(editor.get("/menus/groups"))


def test_weibo_has_no_menus_for_groups(editor, core):
    with core.unit_of_work() as uow:
        services.add_group(uow, name="企业", code="enterprise", actor="system")

    assert "面向谁" not in editor.get("/menus/weibo/town/all").text
    assert editor.get("/menus/weibo/town/enterprise").status_code == 404


def test_an_operator_puts_a_citizen_into_a_group(sign_in_as, core):
    with core.unit_of_work() as uow:
        services.add_group(uow, name="老年人", code="elderly", actor="system")
        conversation = a_conversation(uow)
    seat = sign_in_as(Role.OPERATOR)
    seat.get(f"/desk/{conversation.id}")

    answer = seat.press(f"/menus/citizens/{conversation.id}", {"group": "elderly"})

    assert 'value="elderly" selected' in answer.text
    with core.unit_of_work() as uow:
        member = queries.find_member_in(uow.session, conversation.id)
        assert member.group.code == "elderly"


def test_an_account_that_is_not_there_is_a_404(editor):
    assert editor.get("/menus/wechat/nobody/all").status_code == 404


def test_hostile_forms_are_read_as_far_as_they_make_sense(editor, core):
    arrange(core, a_draft)
    editor.get(HOME)
    hostile = {
        "places": ["9.9", "x", "0", "0.0", *["1"] * 50],
        "kind-0": "nonsense",
        "name-0": "<script>alert(1)</script>",
        "do": "remove:77",
    }
    draft = draft_of(core)

    answer = editor.post(f"/menus/drafts/{draft.id}/edit", hostile | {"seen_revision": "x"})

    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_the_entries_one_can_lead_to_are_offered(editor, core):
    with core.unit_of_work() as uow:
        an_entry(uow, slug="id_card", question="身份证丢了怎么补领？")
    arrange(core, a_draft)
    editor.get(HOME)

    page = edit(editor, core, "refresh", **{"kind-0": "entry", "entry-0": "id_card"})

    assert '<option value="id_card" selected>身份证丢了怎么补领？' in page.text
