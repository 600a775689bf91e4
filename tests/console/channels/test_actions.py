"""What administrators do about the office's accounts."""

import pytest

from core.bootstrap import Core
from core.channels import queries
from core.channels.services import raise_alarm, set_passive_only
from core.channels.states import AlarmCode
from core.conversations import queries as conversations
from core.conversations.states import DeliveryState
from core.operators.permissions import Role
from tests.builders import a_department, an_address
from tests.console.browsing import Visitor, toast_of, told_by
from tests.console.channels.conftest import TOWN
from tests.console.conftest import SignInAs

PAGE = "/channels/wechat/town"


def the_alarm(core: Core, code: AlarmCode = AlarmCode.SILENCE) -> int:
    with core.unit_of_work() as uow:
        raise_alarm(uow, *TOWN, code, "…")
        return queries.open_alarms(uow.session)[0].id


def state_of(core: Core, message) -> DeliveryState:
    with core.unit_of_work() as uow:
        return conversations.get_message(uow.session, message.id).delivery.state


def test_who_acknowledges_an_alarm_is_named(admin: Visitor, core: Core):
    alarm_id = the_alarm(core)

    answer = admin.press(f"/channels/alarms/{alarm_id}/acknowledge")

    assert toast_of(answer) == "已确认，由您跟进处理。"
    assert told_by(answer)["live:channel"] is True
    page = admin.get("/channels/").text
    assert "跟进中" in page
    assert "我来处理" not in page


def test_an_alarm_is_closed_by_hand_once(admin: Visitor, core: Core):
    alarm_id = the_alarm(core)

    admin.press(f"/channels/alarms/{alarm_id}/close")
    again = admin.press(f"/channels/alarms/{alarm_id}/close")

    assert toast_of(again) == "这条告警已经解除。"
    with core.unit_of_work() as uow:
        assert queries.count_open_alarms(uow.session) == 0


def test_the_owner_is_chosen_and_taken_back(admin: Visitor, core: Core):
    with core.unit_of_work() as uow:
        department = a_department(uow, name="政务服务中心")

    admin.press(f"{PAGE}/owner", {"department_id": str(department.id)})
    assert "政务服务中心" in admin.get_fragment("/channels/table").text

    admin.press(f"{PAGE}/owner", {"department_id": ""})
    assert "政务服务中心" not in admin.get_fragment("/channels/table").text


@pytest.mark.parametrize(("chosen", "status"), [("x", 400), ("999999", 404)])
def test_an_owner_that_is_no_unit_is_refused(admin: Visitor, chosen: str, status: int):
    assert admin.post(f"{PAGE}/owner", {"department_id": chosen}).status_code == status


def test_the_mark_of_passive_only_is_taken_away_with_its_alarm(admin: Visitor, core: Core):
    with core.unit_of_work() as uow:
        set_passive_only(uow, *TOWN, reason="48001")
    the_alarm(core, AlarmCode.PASSIVE_ONLY)

    admin.press(f"{PAGE}/clear-passive-only")

    with core.unit_of_work() as uow:
        assert not queries.is_passive_only(uow.session, *TOWN)
        assert queries.count_open_alarms(uow.session) == 0


def test_one_message_is_sent_again(admin: Visitor, core: Core, undelivered):
    first, second = undelivered(), undelivered()

    answer = admin.press(f"/channels/messages/{first.id}/send-again")

    assert toast_of(answer) == "正在重新发送。"
    assert state_of(core, first) is DeliveryState.PENDING
    assert state_of(core, second) is DeliveryState.FAILED


def test_all_of_an_account_are_sent_again_but_to_those_who_left(
    admin: Visitor, core: Core, undelivered, leave
):
    gone, elsewhere = an_address(account="town"), an_address(account="county")
    reached = [undelivered(), undelivered()]
    left, other = undelivered(platform_id=gone.platform_id), undelivered(account=elsewhere.account)
    leave(gone)

    answer = admin.press(f"{PAGE}/send-again")

    assert toast_of(answer) == "正在重新发送 2 条消息。"
    assert [state_of(core, one) for one in reached] == [DeliveryState.PENDING] * 2
    assert state_of(core, left) is DeliveryState.FAILED
    assert state_of(core, other) is DeliveryState.FAILED


def test_where_nothing_failed_nothing_is_sent(admin: Visitor):
    assert toast_of(admin.press(f"{PAGE}/send-again")) == "没有可以重新发送的消息。"


def test_who_only_looks_changes_nothing(sign_in_as: SignInAs, core: Core):
    alarm_id = the_alarm(core)
    auditor = sign_in_as(Role.AUDITOR)

    assert auditor.post(f"/channels/alarms/{alarm_id}/close").status_code == 403
    page = auditor.get(PAGE).text
    assert "我来处理" not in page
    assert "owner-form" not in page
