"""How a case stands, in plain words: each state, the answer, the rating."""

from datetime import timedelta

import pytest

from console.citizen.words import words
from core.bootstrap import Core
from core.cases.events import CaseRated
from core.cases.services import rate_case
from core.cases.states import STAGE_REACHED, CaseKind, CaseState, Rating, Stage
from tests.builders import a_conversation
from tests.console.browsing import Visitor, words_of
from tests.console.cases.files import ANSWER, Files
from tests.console.citizen.conftest import Open

SCRIPT = "<script>alert('x')</script>"


@pytest.mark.parametrize("state", CaseState)
def test_every_state_is_told_in_plain_words(files: Files, look_up: Open, state: CaseState):
    case = files.case(state)

    page = look_up(case).get(f"/c/case/{case.number}")

    assert words()["states"][state.value]["title"] in words_of(page)
    assert case.content in words_of(page)
    reached = page.text.count('class="is-reached')
    assert reached == list(Stage).index(STAGE_REACHED[state]) + 1


def test_every_value_a_citizen_meets_has_words():
    assert set(words()["states"]) == set(CaseState)
    assert set(words()["stages"]) == set(Stage)
    assert set(words()["kinds"]) == set(CaseKind)
    assert set(words()["ratings"]) == set(Rating)


@pytest.mark.parametrize("state", [CaseState.ACCEPTED, CaseState.DISPATCHED, CaseState.RETURNED])
def test_what_happens_inside_the_office_stays_inside(files: Files, look_up: Open, state: CaseState):
    case = files.case(state)

    page = words_of(look_up(case).get(f"/c/case/{case.number}"))

    assert "已受理" in page
    assert "城市管理局" not in page
    assert "退回" not in page


def test_names_of_staff_are_not_shown(files: Files, look_up: Open):
    case = files.case(CaseState.CLOSED)

    page = look_up(case).get(f"/c/case/{case.number}").text

    for name in ("赵敏行", "路明", "路广平", "严正平"):
        assert name not in page


def test_the_date_and_what_is_left_are_told(files: Files, look_up: Open, clock):
    case = files.case()

    assert "2026年3月11日前答复您 还有 7 个工作日" in words_of(
        look_up(case).get(f"/c/case/{case.number}")
    )
    clock.advance(timedelta(days=10))
    assert "应于2026年3月11日前答复您 已超过答复期限" in words_of(
        look_up(case).get(f"/c/case/{case.number}")
    )


def test_a_provisional_date_is_told_as_such(files: Files, look_up: Open, clock):
    clock.advance(timedelta(days=300))
    case = files.case()

    assert "暂定" in words_of(look_up(case).get(f"/c/case/{case.number}"))


def test_a_rejected_case_tells_why_and_where_to_go(files: Files, look_up: Open):
    case = files.case(CaseState.REJECTED)

    page = words_of(look_up(case).get(f"/c/case/{case.number}"))

    assert "请向承办法院了解进展" in page
    assert "等待中" not in page


def test_only_the_released_answer_is_shown(files: Files, look_up: Open):
    case = files.case(CaseState.REVIEWING)
    phone = look_up(case)
    assert ANSWER not in words_of(phone.get(f"/c/case/{case.number}"))

    files.taken(case.number, "release")

    page = words_of(phone.get(f"/c/case/{case.number}"))
    assert ANSWER in page
    assert "城市管理局 2026年3月2日" in page


def test_what_the_citizen_wrote_is_shown_as_text(files: Files, look_up: Open):
    case = files.case(CaseState.REPLIED, title=SCRIPT, content=f"{SCRIPT}路灯坏了", place=SCRIPT)
    phone = look_up(case)
    phone.get(f"/c/case/{case.number}")

    phone.post(f"/c/case/{case.number}/rating", {"rating": "dissatisfied", "comment": SCRIPT})

    assert files.now(case.number).rating_comment == SCRIPT
    assert "<script" not in phone.get(f"/c/case/{case.number}").text


def rate(phone: Visitor, number: str, **form: str):
    phone.get(f"/c/case/{number}")
    return phone.post(f"/c/case/{number}/rating", form)


@pytest.mark.parametrize("rating", Rating)
def test_each_of_the_five_levels_can_be_given(files: Files, look_up: Open, rating: Rating):
    case = files.case(CaseState.REPLIED)
    phone = look_up(case)

    answer = rate(phone, case.number, rating=rating.value, comment="谢谢")

    assert answer.status_code == 303
    page = words_of(phone.get(answer.location))
    assert "评价已收到，感谢您的反馈" in page
    assert words()["ratings"][rating.value] in page.partition("您的评价")[2]
    rated = files.now(case.number)
    assert (rated.rating, rated.rating_comment) == (rating, "谢谢")
    assert rated.state is (CaseState.REPLIED if rating.is_bad else CaseState.CLOSED)


@pytest.mark.parametrize("first", ["dissatisfied", "satisfied"])
def test_a_case_is_rated_once(files: Files, look_up: Open, announced, first: str):
    case = files.case(CaseState.REPLIED)
    phone = look_up(case)
    form = {"rating": first}
    phone.get(f"/c/case/{case.number}")

    statuses = [
        phone.post(f"/c/case/{case.number}/rating", data).status_code
        for data in (form, form, {"rating": "very_satisfied"})
    ]

    assert statuses == [303, 422, 422]
    assert files.now(case.number).rating == first
    assert len([event for event in announced if isinstance(event, CaseRated)]) == 1
    again = phone.post(f"/c/case/{case.number}/rating", form)
    assert "已经评价过，不能重复评价" in words_of(again)


def test_a_rating_needs_a_choice_and_keeps_the_comment(files: Files, look_up: Open):
    case = files.case(CaseState.REPLIED)

    for given in ({}, {"rating": "nonsense"}):
        answer = rate(look_up(case), case.number, comment="写了很多", **given)
        assert answer.status_code == 422
        assert "请先选择一个评价" in words_of(answer)
        assert "写了很多" in answer.text
    assert files.now(case.number).rating is None


def test_a_case_without_an_answer_cannot_be_rated(files: Files, look_up: Open):
    case = files.case(CaseState.HANDLING)
    phone = look_up(case)

    assert "提交评价" not in phone.get(f"/c/case/{case.number}").text
    answer = rate(phone, case.number, rating="satisfied")

    assert answer.status_code == 422
    assert "现在还不能评价" in words_of(answer)


def test_nobody_rates_without_the_code(files: Files, visitor: Visitor, seat: Visitor):
    case = files.case(CaseState.REPLIED)

    for stranger in (visitor, seat):
        stranger.get("/c/case")
        answer = stranger.post(f"/c/case/{case.number}/rating", {"rating": "satisfied"})
        assert answer.location.startswith("/c/case?number=")
    assert files.now(case.number).rating is None


def test_a_rating_without_its_token_is_refused(files: Files, look_up: Open):
    case = files.case(CaseState.REPLIED)

    answer = look_up(case).client.post(
        f"/c/case/{case.number}/rating", data={"rating": "satisfied"}
    )

    assert answer.status_code == 400
    assert files.now(case.number).rating is None


def test_a_long_comment_is_cut_not_refused(files: Files, look_up: Open):
    case = files.case(CaseState.REPLIED)

    answer = rate(look_up(case), case.number, rating="dissatisfied", comment="长" * 2_000)

    assert answer.status_code == 303
    comment = files.now(case.number).rating_comment
    assert comment == "长" * 500


def test_the_log_names_the_citizen_where_one_is_known(
    files: Files, core: Core, look_up: Open, announced
):
    with core.unit_of_work() as uow:
        conversation = a_conversation(uow)
    known = files.case(CaseState.REPLIED, conversation_id=conversation.id)
    unknown = files.case(CaseState.REPLIED)

    for case in (known, unknown):
        rate(look_up(case), case.number, rating="satisfied")

    actors = [event.actor for event in announced if isinstance(event, CaseRated)]
    assert actors == [f"citizen:{known.citizen_id}", "citizen"]


def test_a_rating_given_elsewhere_meanwhile_is_shown(files: Files, core: Core, look_up: Open):
    case = files.case(CaseState.REPLIED)
    phone = look_up(case)
    with core.unit_of_work() as uow:
        rate_case(uow, case.number, rating=Rating.BASICALLY_SATISFIED)

    assert "基本满意" in words_of(phone.get(f"/c/case/{case.number}")).partition("您的评价")[2]
