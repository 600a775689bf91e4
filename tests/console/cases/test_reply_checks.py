"""What the checklist sees in a reply."""

import pytest

from console import wording
from console.cases.reply_checks import check_reply
from core.cases.states import CaseState, RejectionReason
from tests.console.browsing import Visitor, words_of
from tests.console.cases.files import ANSWER, Files


def parts(text: str) -> set[str]:
    return {part.title for part in check_reply(text).parts if part.is_there}


def warned(text: str) -> dict[str, tuple[str, ...]]:
    return {warning.title: warning.found for warning in check_reply(text).warnings}


def test_a_complete_reply_is_clean():
    check = check_reply(ANSWER)

    assert check.is_clean
    assert parts(ANSWER) == {"事实", "依据", "措施", "时间", "联系方式"}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("经执法人员现场核查，摊位确实占道。", "事实"),
        ("经查，该公司未缴纳公积金。", "事实"),
        ("根据《噪声污染防治法》第四十三条", "依据"),
        ("按照我县供热管理办法的规定", "依据"),
        ("我局已责令该店整改。", "措施"),
        ("将于下周安排施工队修复。", "措施"),
        ("12月5日前完成", "时间"),
        ("5个工作日内办结", "时间"),
        ("咨询电话：0000-8100190", "联系方式"),
    ],
)
def test_a_part_is_found(text: str, part: str):
    assert part in parts(text)


def test_a_courteous_sentence_says_nothing():
    assert parts("您好，感谢您对我们工作的关心和支持！") == set()


@pytest.mark.parametrize(
    ("text", "title", "found"),
    [
        ("我们将尽快处理，近期回复您。", "时间含糊", ("尽快", "近期")),
        ("工程即将开工。", "时间含糊", ("即将",)),
        ("保证不再发生，绝对没有问题。", "绝对化承诺", ("保证不再", "绝对")),
        ("此事不归我局管。", "推诿", ("不归我",)),
        ("请联系张三 13800001234。", "疑似个人手机号", ("13800001234",)),
        ("申请人身份证号11010519491231002X", "疑似身份证号", ("11010519491231002X",)),
    ],
)
def test_what_does_not_belong_into_a_reply_is_pointed_out(
    text: str, title: str, found: tuple[str, ...]
):
    assert warned(text)[title] == found


@pytest.mark.parametrize(
    "text",
    ["工单 WZ202603020001 已收悉", "电话：0000-8100190", "拨打 12345", "共计 1380000123 元"],
)
def test_other_numbers_are_no_personal_ones(text: str):
    assert warned(text) == {}


def test_the_same_words_are_pointed_out_once():
    assert warned("尽快、尽快、尽快")["时间含糊"] == ("尽快",)


def test_the_checklist_comes_with_the_form_and_follows_the_text(files: Files, handler: Visitor):
    page = handler.get(f"/cases/{files.case(CaseState.HANDLING).number}")
    assert "答复要素" in words_of(page)

    fresh = words_of(handler.press("/cases/check-reply", {"text": "我们会尽快处理。"}))

    assert "时间含糊 ：“尽快”。请改写为具体日期。" in fresh
    assert "事实 ：核查了什么" in fresh


def test_the_reviewer_sees_the_checklist_of_the_draft(files: Files, head: Visitor):
    page = words_of(head.get(f"/cases/{files.case(CaseState.REVIEWING).number}"))

    assert "答复要素 事实 已写明 依据 已写明" in page


@pytest.mark.parametrize("reason", RejectionReason)
def test_every_reason_to_reject_has_words_that_can_be_used(reason: RejectionReason):
    words = wording.rejections()[reason.value]

    assert len(words) >= 20
    assert "尽快" not in words


def test_the_form_carries_the_words_of_every_reason(files: Files, dispatcher: Visitor):
    page = dispatcher.get(f"/cases/{files.case().number}").text

    assert page.count("data-words=") == len(RejectionReason)
    assert "请立即拨打：报警 110、火警 119、急救 120" in page
