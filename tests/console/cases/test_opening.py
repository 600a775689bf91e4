"""Staff open a case for a citizen: once, with its code, told in the chat it came from."""

import re

import pytest

from core.bootstrap import Core
from core.cases import queries
from core.cases.queries import CaseFilter
from core.cases.states import CaseKind, CaseSource
from core.conversations import queries as conversations
from core.conversations.models import Message
from core.conversations.states import Author
from core.operators.permissions import Role
from tests.builders import a_message, an_address
from tests.console.browsing import Visitor, words_of
from tests.console.conftest import SignInAs

CONTENT = "幸福小区3号楼电梯已经停了两天，老人上不了楼。"


def form_key(answer) -> str:
    found = re.search(r'name="form_key" value="([0-9a-f]{32})"', answer.text)
    assert found
    return found[1]


def filled(page, **given):
    return {
        "form_key": form_key(page),
        "kind": "help_request",
        "source": "hotline",
        "content": CONTENT,
        "title": "",
        "place": "幸福小区3号楼",
        "name": "王秀英",
        "phone": "13900005678",
    } | given


def cases(core: Core):
    with core.unit_of_work() as uow:
        return list(queries.listed(uow.session, CaseFilter()))


@pytest.fixture
def said(core: Core) -> list[Message]:
    """What a citizen wrote: some of it is the matter."""
    who = an_address()
    with core.unit_of_work() as uow:
        return [
            a_message(uow, address=who, text=text)
            for text in ("你好", "我们小区电梯停了两天了", "老人上不了楼，请帮忙协调", "转人工")
        ]


def test_a_case_from_the_hotline_gets_number_and_code(seat: Visitor, core: Core, operator):
    answer = seat.post("/cases/new", filled(seat.get("/cases/new")))
    receipt = seat.get(answer.location)

    (case,) = cases(core)
    assert answer.location == f"/cases/{case.number}/receipt"
    assert case.query_code in receipt.text
    assert "请把工单号和查询码告知市民" in words_of(receipt)
    assert (case.kind, case.source) == (CaseKind.HELP_REQUEST, CaseSource.HOTLINE)
    assert case.title == CONTENT
    assert case.place == "幸福小区3号楼"
    assert case.acknowledged_at == case.submitted_at
    page = words_of(seat.get(f"/cases/{case.number}"))
    assert "王芳" in page
    assert "代市民登记了诉求（求助，来自电话热线）" in page


def test_the_same_form_sent_twice_is_one_case(seat: Visitor, core: Core):
    form = filled(seat.get("/cases/new"))

    first, second = seat.post("/cases/new", form), seat.post("/cases/new", form)

    assert first.location == second.location
    assert len(cases(core)) == 1


def test_another_matter_in_the_same_form_is_not_swallowed(seat: Visitor, core: Core):
    form = filled(seat.get("/cases/new"))
    seat.post("/cases/new", form)

    again = seat.post("/cases/new", form | {"content": "另一件事：路灯坏了三天。"})
    assert again.status_code == 409
    assert "已经登记为工单" in words_of(again)
    assert "另一件事：路灯坏了三天。" in again.text
    sent = seat.post("/cases/new", filled(again, content="另一件事：路灯坏了三天。"))

    assert sent.status_code == 303
    assert len(cases(core)) == 2


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"kind": ""}, "请选择诉求类型"),
        ({"source": ""}, "请选择来源"),
        ({"source": "fax"}, "请选择来源"),
        ({"content": " "}, "请填写诉求内容"),
        ({"content": "太短"}, "请填写诉求内容"),
        ({"kind": "complaint", "phone": ""}, "必须留下联系方式"),
        ({"phone": "12345"}, "联系电话格式不正确"),
        ({"title": "长" * 41}, "最多 40 个字"),
    ],
)
def test_what_is_wrong_is_told_and_the_rest_is_kept(
    seat: Visitor, core: Core, given: dict[str, str], words: str
):
    answer = seat.post("/cases/new", filled(seat.get("/cases/new"), **given))

    assert answer.status_code == 422
    assert words in words_of(answer)
    assert "幸福小区3号楼" in answer.text
    assert cases(core) == []


def test_a_case_from_a_conversation_begins_with_the_citizens_words(
    seat: Visitor, said: list[Message]
):
    page = seat.get(f"/cases/new?conversation={said[0].conversation_id}")

    content = page.text.partition('name="content"')[2].partition("</textarea>")[0]
    assert "我们小区电梯停了两天了\n老人上不了楼，请帮忙协调" in content
    assert "转人工" not in content
    ticked = re.findall(r'name="messages" value="(\d+)"[^>]*checked', page.text)
    assert ticked == [str(said[1].id), str(said[2].id)]
    assert 'name="source"' not in page.text


def test_the_citizen_is_told_in_the_chat(seat: Visitor, core: Core, said: list[Message]):
    path = f"/cases/new?conversation={said[0].conversation_id}"
    answer = seat.post(path, filled(seat.get(path)))

    (case,) = cases(core)
    assert case.source is CaseSource.WECHAT  # whatever the form says
    assert case.conversation_id == said[0].conversation_id
    with core.unit_of_work() as uow:
        last = conversations.thread(uow.session, said[0].conversation_id)[-1]
    assert last.author is Author.DESK
    assert case.number in last.text
    assert case.query_code in last.text
    assert last.delivery is not None
    assert "已发送到市民的聊天中" in words_of(seat.get(answer.location))


def test_the_second_click_tells_the_citizen_nothing_new(
    seat: Visitor, core: Core, said: list[Message]
):
    path = f"/cases/new?conversation={said[0].conversation_id}"
    form = filled(seat.get(path))

    for _ in range(2):
        seat.post(path, form)

    with core.unit_of_work() as uow:
        thread = conversations.thread(uow.session, said[0].conversation_id)
    assert [message.author for message in thread].count(Author.DESK) == 1


def test_without_scripts_ticked_messages_are_filled_in_by_a_button(
    seat: Visitor, said: list[Message]
):
    path = f"/cases/new?conversation={said[0].conversation_id}"
    form = filled(seat.get(path), messages=[said[1].id], fill="yes")

    page = seat.post(path, form)

    content = page.text.partition('name="content"')[2].partition("</textarea>")[0]
    assert content.partition(">")[2] == "我们小区电梯停了两天了"
    assert "王秀英" in page.text


def test_messages_are_shown_as_text(seat: Visitor, core: Core):
    with core.unit_of_work() as uow:
        message = a_message(uow, text='"><script>alert(1)</script>')

    page = seat.get(f"/cases/new?conversation={message.conversation_id}")

    assert "<script>alert" not in page.text


def test_who_may_not_read_conversations_gets_none_with_the_form(
    sign_in_as: SignInAs, said: list[Message]
):
    dispatcher = sign_in_as(Role.DISPATCHER)

    assert dispatcher.get("/cases/new").status_code == 200
    path = f"/cases/new?conversation={said[0].conversation_id}"
    assert dispatcher.get(path).status_code == 403


@pytest.mark.parametrize("conversation", ["999999", "99999999999999999999", "abc"])
def test_a_conversation_that_is_not_there(seat: Visitor, conversation: str):
    answer = seat.get(f"/cases/new?conversation={conversation}")

    assert answer.status_code == (404 if conversation == "999999" else 200)


def test_the_conversation_leads_to_the_form(seat: Visitor, said: list[Message]):
    page = seat.get(f"/desk/{said[0].conversation_id}")

    assert f'href="/cases/new?conversation={said[0].conversation_id}"' in page.text


@pytest.mark.parametrize("role", [Role.HANDLER, Role.UNIT_HEAD, Role.SUPERVISOR, Role.LEADER])
def test_who_answers_or_watches_opens_no_cases_and_sees_no_codes(
    sign_in_as: SignInAs, core: Core, seat: Visitor, role: Role
):
    seat.post("/cases/new", filled(seat.get("/cases/new")))
    (case,) = cases(core)
    visitor = sign_in_as(role)

    assert visitor.get("/cases/new").status_code == 403
    assert visitor.get(f"/cases/{case.number}/receipt").status_code == 403


# --- who has called before ------------------------------------------------------------------


def test_earlier_cases_of_the_same_number_are_shown(seat: Visitor):
    page = seat.get("/cases/new")
    number = seat.post("/cases/new", filled(page)).location.split("/")[2]

    shown = seat.post("/cases/new/earlier", {"phone": "+86 139-0000-5678"})

    assert number in words_of(shown)
    assert "电话热线" in words_of(shown)


@pytest.mark.parametrize("phone", ["", "1390000", "13900005679", "not a number"])
def test_other_numbers_show_nothing(seat: Visitor, phone: str):
    seat.post("/cases/new", filled(seat.get("/cases/new")))

    assert "WZ" not in words_of(seat.post("/cases/new/earlier", {"phone": phone}))


@pytest.mark.parametrize("source", ["letter", "email", "counter"])
def test_each_door_is_recorded_and_found_in_the_list(seat: Visitor, core: Core, source: str):
    seat.post("/cases/new", filled(seat.get("/cases/new"), source=source))

    [case] = cases(core)
    assert case.source is CaseSource(source)
    assert case.number in words_of(seat.get(f"/cases/?source={source}"))
    assert case.number not in words_of(seat.get("/cases/?source=weibo"))
