"""The security admin checks what citizens want erased; the system admin carries it out."""

import pytest

from core.conversations.services import note_report
from core.conversations.states import ErasureState
from core.erasures import queries
from core.messaging import PlatformReport, ReportKind
from core.operators.permissions import Role
from tests.builders import a_conversation


@pytest.fixture
def wish(core):
    """Somebody has talked and then taken back what they allowed."""
    with core.unit_of_work() as uow:
        conversation = a_conversation(uow, text="我叫王建国")
    with core.unit_of_work() as uow:
        note_report(
            uow,
            PlatformReport(
                address=conversation.identity.address,
                dedupe_key="revoked",
                kind=ReportKind.AUTHORIZATION_REVOKED,
                sent_at=uow.now,
                payload={"scopes": "1"},
                items=(),
            ),
        )
    with core.unit_of_work() as uow:
        return queries.requests(uow.session, ErasureState.REQUESTED)[0]


@pytest.fixture
def checker(sign_in_as):
    return sign_in_as(Role.SECURITY_ADMIN)


@pytest.fixture
def doer(sign_in_as):
    return sign_in_as(Role.SYSTEM_ADMIN)


def state(core, wish):
    with core.unit_of_work() as uow:
        return queries.get(uow.session, wish.id).state


def test_the_list_shows_who_wants_what_erased(checker, wish):
    page = checker.get("/erasures/").text

    assert wish.identity.alias in page
    assert "待核对" in page


def test_the_page_says_what_would_go_and_what_stays(checker, wish):
    page = checker.get(f"/erasures/{wish.id}").text

    assert "原文换成“已按市民要求删除”" in page
    assert "办件档案依法保存" in page


def test_two_people_take_two_steps(core, checker, doer, wish):
    checker.post(f"/erasures/{wish.id}/clear", {"note": "无法定保存期限"})
    assert state(core, wish) is ErasureState.CLEARED

    doer.post(f"/erasures/{wish.id}/erase", {"sure": "yes"})

    assert state(core, wish) is ErasureState.ERASED
    assert "我叫王建国" not in doer.get(f"/erasures/{wish.id}").text


def test_the_one_who_checks_does_not_carry_out_and_the_other_way_round(core, checker, doer, wish):
    assert doer.post(f"/erasures/{wish.id}/clear", {"note": "可以"}).status_code == 403
    checker.post(f"/erasures/{wish.id}/clear", {"note": "可以"})
    assert checker.post(f"/erasures/{wish.id}/erase", {"sure": "yes"}).status_code == 403

    assert state(core, wish) is ErasureState.CLEARED


def test_without_a_word_of_the_law_it_is_not_checked(core, checker, wish):
    answer = checker.post(f"/erasures/{wish.id}/clear", {"note": " "})

    assert answer.status_code == 422
    assert "请写明核对意见和依据" in answer.text
    assert state(core, wish) is ErasureState.REQUESTED


def test_without_the_second_word_nothing_is_erased(core, checker, doer, wish):
    checker.post(f"/erasures/{wish.id}/clear", {"note": "可以"})

    answer = doer.post(f"/erasures/{wish.id}/erase", {})

    assert answer.status_code == 422
    assert state(core, wish) is ErasureState.CLEARED


def test_what_is_unchecked_is_not_carried_out(core, doer, wish):
    answer = doer.post(f"/erasures/{wish.id}/erase", {"sure": "yes"})

    assert answer.status_code == 422
    assert "尚未核对" in answer.text
    assert state(core, wish) is ErasureState.REQUESTED


def test_what_the_law_keeps_is_declined(core, checker, wish):
    checker.post(f"/erasures/{wish.id}/decline", {"note": "保存期内"})

    assert state(core, wish) is ErasureState.DECLINED
