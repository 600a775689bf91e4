"""What the desk shows, and what it brings when something is new."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from core.bootstrap import Core
from core.cases.models import Case
from core.conversations.services import record_turn
from core.conversations.states import HandoffReason
from core.messaging import InboundKind
from core.operators.models import Operator
from core.operators.permissions import Role
from tests.builders import a_case, an_entry
from tests.console.browsing import Visitor, words_of
from tests.console.desk.conversations import FAQ_REASON, UNDERSTANDING, Talk
from tests.fakes import FakeClock

OPEN_MARK = re.compile(r'name="open" value="([^"]+)"')
CURSOR = re.compile(r'id="thread-cursor" name="after" value="(\d+)"')
STATE = re.compile(r'id="state-mark" name="state" value="([^"]+)"')
MESSAGE = re.compile(r'<article class="message[^"]*" id="message-(\d+)"')


class OpenPage:
    """A browser's page: knows what it shows and asks for what it does not."""

    def __init__(self, visitor: Visitor, talk: Talk) -> None:
        self.visitor, self.talk = visitor, talk
        self.first = visitor.get(f"/desk/{talk.id}")
        self.cursor, self.state = "0", ""
        self.marks: dict[str, str] = {}
        self._read(self.first)

    def news(self) -> TestResponse:
        query = {"after": self.cursor, "state": self.state, "open": list(self.marks.values())}
        answer = self.visitor.client.get(
            f"/desk/{self.talk.id}/news", query_string=query, headers={"HX-Request": "true"}
        )
        self._read(answer)
        return answer

    def _read(self, answer: TestResponse) -> None:
        for line in re.split(r"(?=<article)", answer.text):
            message, mark = MESSAGE.search(line), OPEN_MARK.search(line)
            if message and mark:
                self.marks[message[1]] = mark[1]
            elif message:
                self.marks.pop(message[1], None)
        if found := CURSOR.search(answer.text):
            self.cursor = found[1]
        if found := STATE.search(answer.text):
            self.state = found[1]


def shown(answer: TestResponse) -> list[int]:
    return [int(number) for number in MESSAGE.findall(answer.text)]


# --- lists -------------------------------------------------------------------------------------


def test_the_queue_is_in_order_of_waiting_with_reason_and_time(
    seat: Visitor, core: Core, clock: FakeClock
):
    first = Talk(core).waits(HandoffReason.EMOTIONAL)
    clock.advance(timedelta(minutes=2, seconds=10))
    second = Talk(core).waits()

    page = seat.get("/desk/")

    assert page.text.index(f"waiting-{first.id}") < page.text.index(f"waiting-{second.id}")
    assert "情绪激动" in words_of(page)
    assert "2分10秒" in words_of(page)
    assert 'data-waited="130" data-target="180"' in " ".join(page.text.split())


@pytest.mark.parametrize(
    ("seconds", "tone"), [(119, ""), (120, "is-soon"), (179, "is-soon"), (180, "is-late")]
)
def test_waiting_turns_amber_before_the_target_and_red_after_it(
    seat: Visitor, core: Core, clock: FakeClock, seconds: int, tone: str
):
    Talk(core).waits()
    clock.advance(timedelta(seconds=seconds))

    [classes] = re.findall(r'class="waiting-time ?(.*?)"', seat.get_fragment("/desk/lists").text)

    assert classes.strip() == tone


def test_own_conversations_stand_apart_from_those_of_colleagues(
    seat: Visitor, operator: Operator, person: Callable[..., Operator], core: Core
):
    mine = Talk(core).taken_by(operator.id)
    theirs = Talk(core).taken_by(person(Role.OPERATOR, display_name="陈明").id)

    page = seat.get_fragment("/desk/lists").text
    own, recent = page.split("<h2>最近会话")

    assert f"/desk/{mine.id}" in own
    assert f"/desk/{theirs.id}" in recent
    assert "陈明" in recent


def test_unseen_messages_are_counted(seat: Visitor, operator: Operator, talk: Talk):
    talk.taken_by(operator.id)
    talk.citizen_says("在吗")
    talk.citizen_says("有人吗")

    assert '<span class="unseen" title="未看消息">3</span>' in seat.get_fragment("/desk/lists").text


def test_recent_conversations_can_be_narrowed_to_a_state(seat: Visitor, core: Core):
    with_bot, waiting = Talk(core), Talk(core).waits()
    with_bot.citizen_says()

    page = seat.get_fragment("/desk/lists?recent_state=bot").text.split("<h2>最近会话")[1]

    assert f"recent-{with_bot.id}" in page
    assert f"recent-{waiting.id}" not in page


def test_a_filter_that_means_nothing_is_passed_over(seat: Visitor):
    assert seat.get_fragment("/desk/lists?recent_state=drop+table&current=x").status_code == 200


# --- one conversation --------------------------------------------------------------------------


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


def test_a_picture_is_shown_from_where_pictures_lie(seat: Visitor, talk: Talk):
    talk.citizen_says(
        "", kind=InboundKind.IMAGE, payload={"picture_url": "http://mmbiz.qpic.cn/a/0"}
    )

    assert (
        '<img class="picture" src="http://mmbiz.qpic.cn/a/0"' in seat.get(f"/desk/{talk.id}").text
    )


@pytest.mark.parametrize(
    "address", ["http://evil.example/a.png", "javascript:alert(1)", "", "http://["]
)
def test_a_picture_from_elsewhere_is_named_not_loaded(seat: Visitor, talk: Talk, address: str):
    talk.citizen_says("", kind=InboundKind.IMAGE, payload={"picture_url": address})

    page = seat.get(f"/desk/{talk.id}")

    assert "<img" not in page.text
    assert "图片（无法在此显示）" in words_of(page)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (InboundKind.VOICE, "语音"),
        (InboundKind.VIDEO, "视频"),
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


# --- what is behind it -------------------------------------------------------------------------


def test_the_context_sums_up_what_was_asked_and_answered(
    seat: Visitor, operator: Operator, core: Core, clock: FakeClock, talk: Talk
):
    with core.unit_of_work() as uow:
        an_entry(uow, slug="id_card_loss", question="身份证丢了怎么补领？")
    message = talk.citizen_says("身份证丢了怎么补办")
    talk.bot_answers(message, reason=FAQ_REASON, understanding=UNDERSTANDING)
    talk.waits(HandoffReason.TWO_MISSES).taken_by(operator.id)
    clock.advance(timedelta(seconds=1))
    talk.citizen_says("后来说的话")

    read = words_of(seat.get_fragment(f"/desk/{talk.id}/context"))

    assert "连续两次未能解答" in read
    assert "身份证丢了怎么补办 已答：身份证丢了怎么补领？" in read
    assert "WZ202603020001" in read
    assert "后来说的话" not in read


@pytest.fixture
def own_case(core: Core, talk: Talk) -> Case:
    talk.citizen_says()
    with core.unit_of_work() as uow:
        return a_case(uow, conversation_id=talk.id)


def test_the_context_lists_the_citizens_cases(seat: Visitor, talk: Talk, own_case: Case):
    page = seat.get_fragment(f"/desk/{talk.id}/context")

    assert f'href="/cases/{own_case.number}"' in page.text
    assert f"期限 {own_case.due_on:%Y-%m-%d}" in words_of(page)
    assert "待受理" in words_of(page)


def test_another_citizens_cases_are_not_shown(seat: Visitor, core: Core, own_case: Case):
    other = Talk(core)
    other.citizen_says()

    assert "没有工单" in words_of(seat.get_fragment(f"/desk/{other.id}/context"))


def test_the_context_tells_of_earlier_stays_with_people(
    seat: Visitor, operator: Operator, talk: Talk
):
    talk.taken_by(operator.id)
    seat.press(f"/desk/{talk.id}/close")

    read = words_of(seat.get_fragment(f"/desk/{talk.id}/context"))

    assert "当前未转人工" in read
    assert "以往人工服务" in read
    assert "市民要求人工 · 王芳" in read


def test_a_citizen_who_left_is_marked_and_cannot_be_replied_to(
    seat: Visitor, operator: Operator, talk: Talk
):
    talk.taken_by(operator.id)
    talk.citizen_says("", kind=InboundKind.UNFOLLOW)

    page = seat.get(f"/desk/{talk.id}")

    assert "已取消关注" in words_of(page)
    assert 'id="reply-text"' not in page.text


# --- what is new -------------------------------------------------------------------------------


def test_only_what_the_page_does_not_show_is_brought(seat: Visitor, talk: Talk):
    talk.citizen_says("第一句")
    page = OpenPage(seat, talk)
    new = talk.citizen_says("第二句")

    assert shown(page.news()) == [new.id]
    assert shown(page.news()) == []


def test_after_a_long_break_everything_is_brought_in_order(seat: Visitor, talk: Talk):
    talk.citizen_says("第一句")
    page = OpenPage(seat, talk)
    new = [talk.citizen_says(f"断线时的第{number}句").id for number in range(150)]

    assert shown(page.news()) == new


def test_a_line_comes_again_when_its_delivery_changes_and_then_rests(
    seat: Visitor, operator: Operator, talk: Talk
):
    talk.taken_by(operator.id)
    page = OpenPage(seat, talk)
    message = talk.last()
    assert shown(page.news()) == []

    talk.delivery_fails(message)
    news = page.news()
    assert shown(news) == [message.id]
    assert "hx-swap-oob=true" in news.text
    assert shown(page.news()) == []

    talk.is_delivered()
    assert shown(page.news()) == [message.id]
    assert page.marks == {}


def test_a_question_loses_its_sign_of_waiting_when_the_bot_has_answered(seat: Visitor, talk: Talk):
    question = talk.citizen_says()
    page = OpenPage(seat, talk)
    assert "智能助手正在应答" in words_of(page.first)

    talk.bot_answers(question)

    news = page.news()
    assert shown(news)[-1] == question.id  # again, out of band, after the answer
    assert "智能助手正在应答" not in words_of(news)


def test_marks_of_another_conversation_bring_nothing(seat: Visitor, core: Core, talk: Talk):
    talk.citizen_says()
    other = Talk(core).citizen_says("别人的话")

    answer = seat.get_fragment(f"/desk/{talk.id}/news?after=99&open={other.id}:changed")

    assert shown(answer) == []
    assert "别人的话" not in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "open=x:y",
        "open=9999999:failed-1",
        "after=x",
        "open=:",
        "open=1",
        f"open={10**20}:x",
        f"after={10**20}",
    ],
)
def test_what_a_page_could_not_have_asked_is_answered_calmly(seat: Visitor, talk: Talk, query: str):
    talk.citizen_says()

    assert seat.get_fragment(f"/desk/{talk.id}/news?{query}").status_code == 200


def test_when_a_colleague_takes_over_the_page_changes_with_it(
    seat: Visitor, person: Callable[..., Operator], talk: Talk
):
    talk.waits()
    page = OpenPage(seat, talk)
    assert 'id="composer"' not in page.news().text

    talk.taken_by(person(Role.OPERATOR, display_name="陈明").id)

    news = page.news()
    assert 'id="conversation-head" hx-swap-oob=true' in news.text
    assert 'id="composer"' in news.text
    assert "陈明 正在接待" in words_of(news)
    assert 'id="composer"' not in page.news().text


def test_a_page_of_the_desk_has_all_its_parts(app: Flask, seat: Visitor, talk: Talk):
    talk.waits()

    page = seat.get(f"/desk/{talk.id}").text

    for part in (
        "desk-lists",
        "thread",
        "thread-news",
        "composer",
        "context",
        "menu",
        "live-state",
    ):
        assert f'id="{part}"' in page
