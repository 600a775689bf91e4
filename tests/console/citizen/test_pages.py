"""The way in, the elder version, and what every page for citizens has in common."""

import re

import pytest
from flask import Flask

from core.bootstrap import Core
from core.cases.states import CaseState
from tests.builders import a_department
from tests.console.browsing import Visitor, words_of
from tests.console.cases.files import Files
from tests.console.citizen.conftest import Open

LIGHT_BYTES = 100 * 1024


def pages(files: Files, look_up: Open) -> list[str]:
    found = []
    for state in CaseState:
        case = files.case(state)
        found.append(look_up(case).get(f"/c/case/{case.number}").text)
    phone = look_up(case)
    return [*found, *(phone.get(path).text for path in ("/c/", "/c/case", "/c/nowhere"))]


def test_the_first_page_says_how_to_ask_and_whom_to_call(core: Core, visitor: Visitor):
    with core.unit_of_work() as uow:
        a_department(uow, name="清河县人民政府", address="清河县人民路1号")

    page = words_of(visitor.get("/c/"))

    for words in (
        "清河县人民政府",
        "12345",
        "110",
        "119",
        "120",
        "122",
        "公众号",
        "清河县人民路1号",
        "08:30-12:00、14:30-18:00",
        "24 小时内初步回应；一般问题 7 个工作日内答复，复杂或涉及多个部门的 15 个工作日内答复",
    ):
        assert words in page


def test_pages_are_light_and_need_no_scripts(files: Files, look_up: Open):
    for page in pages(files, look_up):
        assert "<script" not in page
        assert " on" + "click=" not in page
        assert 'style="' not in page
        assert len(page.encode()) < LIGHT_BYTES


def test_pages_keep_out_of_search_engines_and_let_people_zoom(files: Files, look_up: Open):
    for page in pages(files, look_up):
        assert '<meta name="robots" content="noindex">' in page
        assert "user-scalable" not in page
        assert "maximum-scale" not in page


def test_every_field_has_a_label(files: Files, look_up: Open):
    for page in pages(files, look_up):
        fields = re.findall(r'<(?:input|textarea)[^>]*\bid="([^"]+)"', page)
        assert set(fields) <= set(re.findall(r'<label[^>]*\bfor="([^"]+)"', page))


def test_every_form_carries_its_token(files: Files, look_up: Open):
    for page in pages(files, look_up):
        assert page.count('method="post"') == page.count('name="csrf_token"')


@pytest.mark.parametrize("path", ["/c/", "/c/case", "/c/nowhere"])
def test_the_elder_version_is_chosen_once_and_kept(app: Flask, path: str):
    phone = Visitor(app)
    assert "is-elder" not in phone.get(path).text

    assert "is-elder" in phone.get(f"{path}?elder=1").text
    assert "is-elder" in phone.get(path).text
    assert "标准版" in phone.get("/c/").text
    assert "is-elder" not in phone.get("/c/?elder=0").text
    assert "is-elder" not in phone.get(path).text


def test_refusals_come_in_the_elder_version_too(app: Flask):
    phone = Visitor(app)
    phone.get("/c/?elder=1")

    assert "is-elder" in phone.client.post("/c/case").text


def test_the_way_to_the_other_version_leads_back_to_the_same_page(files: Files, look_up: Open):
    case = files.case()
    phone = look_up(case)

    page = phone.get(f"/c/case/{case.number}")

    assert f'href="/c/case/{case.number}?elder=1"' in page.text
    assert "is-elder" in phone.get(f"/c/case/{case.number}?elder=1").text


def test_the_cookie_of_the_elder_version_says_nothing_else(visitor: Visitor):
    answer = visitor.get("/c/?elder=1")

    cookies = [each for each in answer.headers.getlist("Set-Cookie") if each.startswith("elder=")]
    assert cookies == [cookies[0]]
    assert cookies[0].startswith("elder=1;")
    assert "Path=/c" in cookies[0]
    assert "HttpOnly" in cookies[0]
