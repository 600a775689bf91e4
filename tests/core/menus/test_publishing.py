"""From a draft to what citizens see, in four eyes, and back."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import text

from core import event_log
from core.knowledge.services import withdraw_entry
from core.menus import queries, services
from core.menus.buttons import Button, key_of
from core.menus.errors import (
    CommonMenuMissing,
    GroupMenusNotOffered,
    IllegalMenuStep,
    MenuAlreadyOpen,
    MenuInvalid,
    MenuReasonMissing,
    MenusNotOffered,
    PublisherIsEditor,
    StaleMenu,
)
from core.menus.services import AccountRights, Place
from core.menus.states import ButtonKind, LookOutcome, MenuState
from core.messaging import ChannelName
from tests.builders import an_entry
from tests.core.menus.scenes import (
    BUTTONS,
    EVERYTHING,
    HERE,
    a_draft,
    a_published,
    a_released,
    a_submitted,
    somebody,
)

S = MenuState
DEMO = (ChannelName.WECHAT, "demo")


def jobs(uow):
    rows = uow.session.execute(
        text("SELECT task_name, args, lock FROM procrastinate_jobs WHERE task_name LIKE '%menu'")
    )
    return [tuple(row) for row in rows]


def save(uow, menu, buttons, **given):
    defaults = {"seen_revision": menu.revision, "operator_id": menu.changed_by_id}
    return services.save_draft(uow, menu.id, buttons, **defaults | given)


def test_a_draft_begins_with_what_citizens_see(uow):
    online = a_published(uow)

    draft = services.open_draft(uow, HERE, operator_id=somebody(uow))

    assert draft.buttons == BUTTONS
    assert (draft.number, draft.based_on) == (online.number + 1, online.number)


def test_an_older_version_is_restored_as_a_new_draft(uow):
    old = a_published(uow)
    newer = services.open_draft(uow, HERE, operator_id=somebody(uow))
    save(uow, newer, BUTTONS[:1])
    services.discard_draft(uow, newer.id, seen_revision=newer.revision, operator_id=somebody(uow))

    draft = services.open_draft(uow, HERE, operator_id=somebody(uow), based_on=old)

    assert draft.buttons == old.buttons
    assert (draft.number, draft.based_on) == (3, 1)


def test_one_draft_at_a_time_for_each_place(uow):
    a_draft(uow)
    group = services.add_group(uow, name="企业", actor="system")

    services.open_draft(uow, Place(ChannelName.WECHAT, "demo", group.id), operator_id=somebody(uow))
    with pytest.raises(MenuAlreadyOpen):
        services.open_draft(uow, HERE, operator_id=somebody(uow))


def test_two_people_who_begin_at_once_get_one_draft(fresh_core):
    with fresh_core.unit_of_work() as uow:
        people = [somebody(uow), somebody(uow)]
    start, outcomes = threading.Barrier(2), []

    def begin(operator_id):
        start.wait()
        try:
            with fresh_core.unit_of_work() as uow:
                services.open_draft(uow, HERE, operator_id=operator_id)
            outcomes.append("opened")
        except MenuAlreadyOpen as refused:
            outcomes.append(refused.code)

    both = [threading.Thread(target=begin, args=[one]) for one in people]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()

    assert sorted(outcomes) == ["menu_already_open", "opened"]


def test_a_draft_is_kept_right_or_wrong(uow):
    menu = a_draft(uow)

    saved = save(uow, menu, [Button(name="", value="nothing")])

    assert saved.buttons == (Button(name="", value="nothing"),)


def test_who_looked_at_an_older_draft_does_not_overwrite_a_newer_one(uow):
    menu = a_draft(uow)
    seen, other = menu.revision, somebody(uow)
    save(uow, menu, BUTTONS[:2], operator_id=other)

    with pytest.raises(StaleMenu) as refused:
        save(uow, menu, BUTTONS[:1], seen_revision=seen)

    assert refused.value.details == {"operator_id": other}
    assert menu.buttons == BUTTONS[:2]


def test_saving_the_same_twice_changes_nothing(uow):
    menu = a_draft(uow)
    seen = menu.revision
    save(uow, menu, BUTTONS[:2])

    again = save(uow, menu, BUTTONS[:2], seen_revision=seen)

    assert again.revision == seen + 1


def test_what_the_platform_would_refuse_is_not_handed_in(uow):
    menu = a_draft(uow)
    save(uow, menu, [Button(name="名字实在太长了", value="ask")])

    with pytest.raises(MenuInvalid) as refused:
        services.submit_menu(uow, menu.id, seen_revision=menu.revision, operator_id=1)

    assert refused.value.details == {"count": 1}


def test_an_entry_that_was_withdrawn_meanwhile_keeps_the_menu_back(uow):
    entry = an_entry(uow)
    menu = a_draft(uow)
    save(uow, menu, [Button(name="身份证", kind=ButtonKind.ENTRY, value=entry.slug)])
    services.submit_menu(uow, menu.id, seen_revision=menu.revision, operator_id=menu.changed_by_id)
    withdraw_entry(uow, entry.slug, reason="内容有误", actor="system")

    with pytest.raises(MenuInvalid):
        services.release_menu(
            uow,
            menu.id,
            rights=EVERYTHING,
            seen_revision=menu.revision,
            operator_id=somebody(uow),
        )


def test_nobody_publishes_a_menu_they_had_a_hand_in(uow):
    first, second, third = somebody(uow), somebody(uow), somebody(uow)
    menu = a_draft(uow, operator_id=first)
    save(uow, menu, BUTTONS[:2], operator_id=second)
    services.submit_menu(uow, menu.id, seen_revision=menu.revision, operator_id=second)

    for editor in (first, second):
        with (
            pytest.raises(PublisherIsEditor),
            uow.session.begin_nested(),
        ):
            services.release_menu(
                uow,
                menu.id,
                rights=EVERYTHING,
                seen_revision=menu.revision,
                operator_id=editor,
            )
    released = services.release_menu(
        uow, menu.id, rights=EVERYTHING, seen_revision=menu.revision, operator_id=third
    )

    assert released.state is S.PUBLISHING
    assert released.released_by_id == third


def test_a_release_promises_to_tell_the_platform(uow):
    menu = a_released(uow)

    assert jobs(uow) == [("settle_menu", {"menu_id": menu.id}, "menu:wechat:demo")]


@pytest.mark.parametrize(
    ("rights", "is_for_group", "error"),
    [
        (AccountRights(may_set_menus=False, may_group_citizens=False), False, MenusNotOffered),
        (AccountRights(may_set_menus=True, may_group_citizens=False), True, GroupMenusNotOffered),
        (EVERYTHING, True, CommonMenuMissing),
    ],
)
def test_what_the_account_may_not_do_is_refused_before_the_platform_is_asked(
    uow, rights, is_for_group, error
):
    group = services.add_group(uow, name="企业", actor="system")
    place = Place(ChannelName.WECHAT, "demo", group.id) if is_for_group else HERE
    menu = a_submitted(uow, place=place)

    with pytest.raises(error):
        services.release_menu(
            uow,
            menu.id,
            rights=rights,
            seen_revision=menu.revision,
            operator_id=somebody(uow),
        )


def test_a_menu_that_is_sent_back_says_why_and_can_be_edited(uow):
    menu = a_submitted(uow)

    with pytest.raises(MenuReasonMissing):
        services.send_back(uow, menu.id, reason=" ", operator_id=somebody(uow))
    services.send_back(uow, menu.id, reason="缺少投诉入口", operator_id=somebody(uow))

    assert (menu.state, menu.sent_back_reason) == (S.DRAFT, "缺少投诉入口")
    assert save(uow, menu, BUTTONS[:1]).buttons == BUTTONS[:1]


def test_what_waits_for_a_second_person_is_not_edited(uow):
    menu = a_submitted(uow)

    with pytest.raises(IllegalMenuStep):
        save(uow, menu, BUTTONS[:1])


def test_a_published_menu_takes_the_place_of_the_one_before(uow):
    before = a_published(uow)

    after = a_published(uow)

    assert (before.state, after.state) == (S.REPLACED, S.PUBLISHED)
    assert queries.find_online(uow.session, HERE.channel, HERE.account, None) is after


def test_noting_twice_that_the_platform_took_it_changes_nothing(uow):
    menu = a_published(uow)
    events = len(event_log.history(uow.session, "menu:wechat-demo"))

    services.record_taken(uow, menu.id)

    assert menu.state is S.PUBLISHED
    assert len(event_log.history(uow.session, "menu:wechat-demo")) == events


def test_a_refused_menu_leaves_online_what_was_there_and_can_go_out_again(uow):
    before = a_published(uow)
    menu = a_released(uow)

    services.record_refusal(uow, menu.id, code="40018", reason="名称过长")

    assert (before.state, menu.state) == (S.PUBLISHED, S.FAILED)
    assert (menu.error_code, menu.error) == ("40018", "名称过长")
    again = services.release_menu(
        uow,
        menu.id,
        rights=EVERYTHING,
        seen_revision=menu.revision,
        operator_id=somebody(uow),
    )
    assert (again.state, again.error) == (S.PUBLISHING, None)


def test_withdrawing_the_menu_for_everybody_takes_the_groups_menus_along(uow):
    common = a_published(uow)
    group = services.add_group(uow, name="企业", actor="system")
    special = a_published(uow, place=Place(ChannelName.WECHAT, "demo", group.id))

    services.withdraw_menu(uow, common.id, operator_id=somebody(uow))
    assert common.state is S.WITHDRAWING
    services.record_taken(uow, common.id)

    assert (common.state, special.state) == (S.WITHDRAWN, S.WITHDRAWN)


def test_a_withdrawal_the_platform_refuses_leaves_the_menu_online(uow):
    menu = a_published(uow)
    services.withdraw_menu(uow, menu.id, operator_id=somebody(uow))

    services.record_refusal(uow, menu.id, code="48001", reason="无权限")

    assert (menu.state, menu.error_code) == (S.PUBLISHED, "48001")


def test_a_click_on_an_older_menu_still_means_what_it_meant(uow):
    old = a_published(uow)
    a_published(uow)

    button = queries.find_clicked(uow.session, HERE.channel, HERE.account, key_of(old.id, "1.0"))

    assert button == BUTTONS[1].sub_buttons[0]


@pytest.mark.parametrize(("account", "place"), [("demo", "1.5"), ("demo", "1"), ("other", "0")])
def test_a_click_that_names_no_button_of_this_account_means_nothing(uow, account, place):
    menu = a_published(uow)

    assert queries.find_clicked(uow.session, HERE.channel, account, key_of(menu.id, place)) is None


def test_what_the_platform_has_not_been_told_for_minutes_is_found(uow):
    menu = a_released(uow)

    assert queries.unsettled_since(uow.session, uow.now) == []
    assert queries.unsettled_since(uow.session, uow.now + timedelta(minutes=2)) == [menu]


def test_a_look_at_the_platform_is_remembered_and_a_failed_one_keeps_what_was_seen(uow):
    services.record_look(uow, *DEMO, LookOutcome.DIFFERENT, found=[{"name": "别的"}])
    services.record_look(uow, *DEMO, LookOutcome.FAILED, error="系统繁忙")

    look = queries.find_look(uow.session, *DEMO)

    assert (look.outcome, look.error) == (LookOutcome.FAILED, "系统繁忙")
    assert look.found == [{"name": "别的"}]


def test_every_step_is_on_record(uow):
    a_published(uow)

    history = event_log.history(uow.session, "menu:wechat-demo")

    assert [event.type for event in history] == [
        "MenuDraftOpened",
        "MenuSaved",
        "MenuSubmitted",
        "MenuReleased",
        "MenuPublished",
    ]
    assert event_log.first_broken_link(uow.session, "menu:wechat-demo") is None
