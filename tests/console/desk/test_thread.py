"""One conversation: who said what, why, and whether it arrived."""

import re
from collections.abc import Callable

import pytest

from core.bootstrap import Core
from core.conversations.services import record_turn
from core.messaging import InboundKind
from core.operators.models import Operator
from core.operators.permissions import Role
from tests.builders import an_entry
from tests.console.browsing import Visitor, words_of
from tests.console.desk.conversations import FAQ_REASON, UNDERSTANDING, Talk
from tests.console.desk.pages import shown


def test_the_thread_tells_who_said_what(seat: Visitor, operator: Operator, talk: Talk):
    talk.bot_answers(talk.citizen_says("身份证丢了怎么补办"), "请到派出所补领。")
    talk.taken_by(operator.id) if talk.waits() else None
    seat.press(f"/desk/{talk.id}/reply", {"text": "我来为您说明。"})
    seat.press(f"/desk/{talk.id}/note", {"text": "老年人，请慢慢说"})

    page = seat.get(f"/desk/{talk.id}")

    for words in ("身份证丢了怎么补办", "请到派出所补领。", "我来为您说明。", "老年人，请慢慢说"):
        assert words in page.text
    read = words_of(page)
    assert "智能助手 自动应答" in read
    assert "内部备注 王芳 市民看不到" in read
    assert 'class="message is-note' in page.text


def test_what_citizens_write_is_shown_and_never_obeyed(seat: Visitor, talk: Talk):
    talk.citizen_says('<script>alert(1)</script> <img src=x onerror="x()"> ]]> 😀')

    page = seat.get(f"/desk/{talk.id}").text

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_a_long_text_is_folded_and_complete(seat: Visitor, talk: Talk):
    words = "很长的情况说明。" * 500
    talk.citizen_says(words)

    page = seat.get(f"/desk/{talk.id}").text

    assert "展开全文（4000 字）" in page
    assert words in page


def test_the_bots_reasons_stand_under_its_answer(seat: Visitor, core: Core, talk: Talk):
    with core.unit_of_work() as uow:
        an_entry(uow, slug="id_card_loss", question="身份证丢了怎么补领？")
    message = talk.citizen_says()
    talk.bot_answers(message, reason=FAQ_REASON, understanding=UNDERSTANDING)

    read = words_of(seat.get(f"/desk/{talk.id}"))

    assert "应答依据 身份证丢了怎么补领？ · 94%" in read
    assert "id_card_loss · 第 3 版" in read
    assert "《中华人民共和国居民身份证法》第十一条" in read
    assert "要求人工 4%" in read
    assert "工单号：WZ202603020001" in read
    assert "最像的问法 我的身份证丢了 92%" in read
    assert "同时问到 身份证丢了怎么补领？" in read


def test_without_an_answer_the_understanding_stands_under_the_question(
    seat: Visitor, operator: Operator, core: Core, talk: Talk
):
    message = talk.citizen_says("急急急")
    talk.taken_by(operator.id)
    with core.unit_of_work() as uow:
        record_turn(uow, message.id, [], understanding=UNDERSTANDING)

    assert "应答依据" in words_of(seat.get(f"/desk/{talk.id}"))


def test_choices_are_shown(seat: Visitor, talk: Talk):
    talk.bot_answers(talk.citizen_says(), "您想问哪一个？", choices=("补领", "换领"))

    page = seat.get(f"/desk/{talk.id}").text

    assert '<span class="choice">补领</span><span class="choice">换领</span>' in page


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (InboundKind.VOICE, "正在从平台获取语音"),
        (InboundKind.VIDEO, "正在从平台获取视频"),
        (InboundKind.MINI_PROGRAM, "小程序卡片：pages/index"),
        (InboundKind.LOCATION, "位置：30.1，120.2"),
        (InboundKind.LINK, "链接：https://example.gov.cn/"),
        (InboundKind.MENU_CLICK, "点击菜单：hot"),
        (InboundKind.OTHER, "其他消息"),
        (InboundKind.FOLLOW, "市民关注了账号"),
    ],
)
def test_what_is_not_text_is_named(seat: Visitor, talk: Talk, kind: InboundKind, words: str):
    payload = {
        "latitude": "30.1",
        "longitude": "120.2",
        "url": "https://example.gov.cn/",
        "key": "hot",
        "page": "pages/index",
    }
    talk.citizen_says("", kind=kind, payload=payload)

    assert words in words_of(seat.get(f"/desk/{talk.id}"))


def test_every_outgoing_message_tells_whether_it_arrived(
    seat: Visitor, operator: Operator, talk: Talk
):
    talk.taken_by(operator.id)
    assert "待发送" in words_of(seat.get(f"/desk/{talk.id}"))

    talk.delivery_fails(talk.last())
    read = words_of(seat.get(f"/desk/{talk.id}"))
    assert "发送失败：超过 48 小时回复时限（45015） 重新发送" in read

    talk.is_delivered()
    assert "已送达平台" in words_of(seat.get(f"/desk/{talk.id}"))


def test_only_the_holder_is_given_a_box_to_reply_in(
    seat: Visitor, operator: Operator, person: Callable[..., Operator], core: Core
):
    mine = Talk(core).taken_by(operator.id)
    theirs = Talk(core).taken_by(person(Role.OPERATOR, display_name="陈明").id)

    assert 'id="reply-text"' in seat.get(f"/desk/{mine.id}").text
    page = seat.get(f"/desk/{theirs.id}")
    assert 'id="reply-text"' not in page.text
    assert 'id="note-text"' in page.text
    assert "由 陈明 接待" in words_of(page)


def test_reply_and_note_are_two_forms_with_two_addresses(
    seat: Visitor, operator: Operator, talk: Talk
):
    talk.taken_by(operator.id)

    page = seat.get(f"/desk/{talk.id}").text
    forms = re.findall(r'<form class="composer-form is-(\w+)".*?</form>', page, re.DOTALL)
    addresses = re.findall(rf'hx-post="/desk/{talk.id}/(reply|note)"', page)

    assert forms == ["reply", "note"]
    assert addresses == ["reply", "note"]


def test_quick_phrases_carry_the_names(seat: Visitor, operator: Operator, talk: Talk):
    talk.taken_by(operator.id)

    page = seat.get(f"/desk/{talk.id}").text

    assert 'data-phrase="您好，我是清河县人民政府坐席王芳' in page


def test_a_case_can_be_opened_from_the_conversation(seat: Visitor, talk: Talk):
    talk.citizen_says()

    assert f'href="/cases/new?conversation={talk.id}"' in seat.get(f"/desk/{talk.id}").text


def test_a_long_thread_is_shown_from_its_end_and_earlier_on_request(seat: Visitor, talk: Talk):
    for number in range(130):
        talk.citizen_says(f"第{number}句")

    page = seat.get(f"/desk/{talk.id}")
    [earlier] = re.findall(r'hx-get="(/desk/\d+/earlier\?before=\d+)"', page.text)
    before = seat.get_fragment(earlier)

    assert len(shown(page)) == 100
    assert len(shown(before)) == 30
    assert "第29句" in before.text
    assert "第30句" in page.text
    assert "thread-earlier" not in before.text


def test_htmx_gets_the_conversation_alone_and_a_history_restore_the_whole_page(
    seat: Visitor, talk: Talk
):
    talk.citizen_says()
    address = f"/desk/{talk.id}"

    assert "<html" not in seat.get_fragment(address).text
    assert "<html" in seat.get(address, **{
        "HX-Request": "true", "HX-History-Restore-Request": "true",
    }).text  # fmt: skip
