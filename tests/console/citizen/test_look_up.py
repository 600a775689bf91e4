"""Looking a case up: only with both numbers, seldom enough, and never through the address."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from console.citizen import limits
from core.cases.services import Contact
from tests.console.browsing import Visitor, words_of
from tests.console.cases.files import Files
from tests.console.citizen.conftest import Open

NOT_FOUND = "没有查到。请核对工单号和 6 位查询码"


def enter(phone: Visitor, number: str, code: str, **headers: str) -> Any:
    phone.get("/c/case")
    return phone.post("/c/case", {"number": number, "code": code}, **headers)


def wrong(case: Any) -> str:
    return f"{(int(case.query_code) + 1) % 1_000_000:06d}"


def test_both_numbers_open_the_case(files: Files, visitor: Visitor):
    case = files.case()

    answer = enter(visitor, case.number, case.query_code)

    assert answer.status_code == 303
    assert case.query_code not in answer.location
    assert case.content in words_of(visitor.get(answer.location))


@pytest.mark.parametrize("typed", ["{0}", " {0} ", "{1}", "ＷＺ{2}", "WZ {2}"])
def test_numbers_are_read_as_they_are_typed_on_a_phone(files: Files, visitor: Visitor, typed: str):
    case = files.case()
    number = typed.format(case.number, case.number.lower(), case.number.removeprefix("WZ"))
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in case.query_code)

    assert enter(visitor, number, f" {wide} ").location == f"/c/case/{case.number}"


def test_a_wrong_code_and_a_wrong_number_get_the_same_answer(files: Files, app: Flask):
    case = files.case()

    answers = [
        enter(Visitor(app), case.number, wrong(case)),
        enter(Visitor(app), "WZ209901010001", case.query_code),
        enter(Visitor(app), "nonsense", "x"),
    ]

    for answer in answers:
        assert answer.status_code == 422
        assert NOT_FOUND in words_of(answer)
        assert case.title not in answer.text
    told = {words_of(answer).partition("工单号")[0] for answer in answers}
    assert len(told) == 1


def test_the_number_may_stand_in_the_address_and_the_code_may_not(files: Files, visitor: Visitor):
    case = files.case()

    page = visitor.get(f"/c/case?number={case.number}&code={case.query_code}")

    assert f'value="{case.number}"' in page.text
    assert case.query_code not in page.text
    assert case.title not in page.text


@pytest.mark.parametrize("form", [{}, {"number": "WZ1"}, {"code": "123456"}])
def test_both_numbers_must_be_entered(visitor: Visitor, form: dict[str, str]):
    visitor.get("/c/case")

    answer = visitor.post("/c/case", form)

    assert answer.status_code == 422
    assert "请填写工单号和查询码" in words_of(answer)


def test_without_the_code_the_page_of_a_case_asks_for_it(files: Files, visitor: Visitor):
    case = files.case()

    for path in (f"/c/case/{case.number}", "/c/case/WZ209901010001"):
        answer = visitor.get(path)
        assert answer.status_code == 302
        assert answer.location.startswith("/c/case?number=")
    assert "请重新输入查询码" in words_of(visitor.get(answer.location))


def test_a_signed_in_operator_is_asked_for_the_code_like_everybody(files: Files, seat: Visitor):
    assert seat.get(f"/c/case/{files.case().number}").status_code == 302


def test_after_half_an_hour_the_code_is_asked_for_again(files: Files, look_up: Open, clock):
    case = files.case()
    phone = look_up(case)

    clock.advance(timedelta(minutes=29))
    assert phone.get(f"/c/case/{case.number}").status_code == 200
    clock.advance(timedelta(minutes=2))
    assert phone.get(f"/c/case/{case.number}").status_code == 302


def test_leaving_forgets_the_case(files: Files, look_up: Open):
    case = files.case()
    phone = look_up(case)
    phone.get(f"/c/case/{case.number}")

    assert phone.post("/c/leave").location == "/c/"
    assert phone.get(f"/c/case/{case.number}").status_code == 302


def test_guessing_the_code_of_one_number_ends_soon(files: Files, app: Flask):
    case = files.case()

    answers = [
        # From a new address each time: the number itself is guarded.
        enter(Visitor(app, address=f"192.0.2.{guess}"), case.number, wrong(case))
        for guess in range(limits.PER_NUMBER_AND_MINUTE + 1)
    ]

    assert [answer.status_code for answer in answers] == [422] * limits.PER_NUMBER_AND_MINUTE + [
        429
    ]
    assert "查询次数过多" in words_of(answers[-1])
    assert case.number in answers[-1].text


def test_once_too_many_the_right_code_does_not_help_either(files: Files, app: Flask):
    case = files.case()
    for _ in range(limits.PER_NUMBER_AND_MINUTE):
        enter(Visitor(app), case.number, wrong(case))

    answer = enter(Visitor(app, address="192.0.2.99"), case.number, case.query_code)

    assert answer.status_code == 429
    assert case.title not in answer.text


def test_trying_many_numbers_from_one_address_ends_soon(app: Flask):
    visitor = Visitor(app)

    statuses = [
        enter(visitor, f"WZ20260302{serial:04d}", "123456").status_code
        for serial in range(limits.PER_ADDRESS_AND_MINUTE + 1)
    ]

    assert statuses == [422] * limits.PER_ADDRESS_AND_MINUTE + [429]
    other = Visitor(app, address="198.51.100.7")
    assert enter(other, "WZ202603029999", "123456").status_code == 422


def test_small_letters_and_spaces_do_not_get_round_the_limit(files: Files, app: Flask):
    case = files.case()
    spellings = [case.number, case.number.lower(), f"{case.number[:4]} {case.number[4:]}"]

    statuses = [
        enter(Visitor(app, address=f"192.0.2.{n}"), spellings[n % 3], wrong(case)).status_code
        for n in range(limits.PER_NUMBER_AND_MINUTE + 1)
    ]

    assert statuses[-1] == 429


def test_a_form_without_its_token_is_refused_in_plain_words(files: Files, visitor: Visitor):
    case = files.case()

    answer = visitor.client.post("/c/case", data={"number": case.number, "code": case.query_code})

    assert answer.status_code == 400
    assert "页面停留时间过长" in words_of(answer)
    assert "登录" not in words_of(answer)


@pytest.mark.parametrize("path", ["/c/nowhere", "/c/case/a/b", "/c/leave"])
def test_what_is_not_there_is_told_to_citizens_not_to_staff(visitor: Visitor, path: str):
    answer = visitor.get(path)

    assert answer.status_code == 404
    assert "没有找到这个页面" in words_of(answer)
    assert "工作台" not in answer.text


def test_the_contact_is_not_on_the_page(files: Files, look_up: Open):
    case = files.case(contact=Contact("李建国", "13800001234"))

    page = look_up(case).get(f"/c/case/{case.number}")

    assert "李建国" not in page.text
    assert "13800001234" not in page.text
    assert page.headers["Cache-Control"] == "no-store"
