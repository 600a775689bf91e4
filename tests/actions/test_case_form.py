"""What counts as an answer, a correction, or something else while a case is filled in."""

import pytest

from actions.case_form import Heard, kind_named, listen, masked_phone
from actions.case_form.recognising import phone_in
from core.cases.states import CaseKind

KIND, CONTENT, PLACE = "case_kind", "case_content", "case_place"
NAME, PHONE, CONFIRMED = "case_contact_name", "case_contact_phone", "case_confirmed"
CORRECTION = "case_correction"
MATTER = "楼下烧烤店每天晚上油烟很大，希望有人来管"


def heard(requested, text, intent="", *, kind="投诉", numbers=(), confidence=1.0, **known):
    return Heard(text, intent, requested, {KIND: kind} | known, numbers, confidence)


def values(requested, text, intent="", **given):
    learnt = listen(heard(requested, text, intent, **given))
    assert learnt is not None
    return dict(learnt.values)


# --- the opening ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "learnt"),
    [
        ("我要反映问题", {}),
        ("我要投诉", {KIND: "投诉"}),
        ("我想提个建议", {KIND: "建议"}),
        (
            "我要举报有人在河边偷倒建筑垃圾",
            {KIND: "举报", CONTENT: "我要举报有人在河边偷倒建筑垃圾"},
        ),
        ("我要投诉饭店油烟太大该找谁", {KIND: "投诉"}),
    ],
)
def test_what_the_opening_tells_is_not_asked_again(text, learnt):
    assert values(None, text, "open_case") == learnt


# --- answers --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind"),
    [("投诉", "投诉"), ("我要举报", "举报"), ("4", "投诉"), ("3、", "建议"), ("提点意见", "建议")],
)
def test_a_kind_is_known_by_its_word_or_its_place_in_the_list(text, kind):
    assert values(KIND, text) == {KIND: kind}


def test_the_matter_told_instead_of_its_kind_is_kept():
    learnt = listen(heard(KIND, "我家门口的路灯坏了一个月了，晚上很黑", kind=None))

    assert learnt.values == {CONTENT: "我家门口的路灯坏了一个月了，晚上很黑"}
    assert learnt.responses == ("utter_case_content_noted",)


@pytest.mark.parametrize("intent", ["", "faq", "open_case", "express_distress", "nlu_fallback"])
def test_a_matter_is_taken_whatever_the_model_took_it_for(intent):
    assert values(CONTENT, MATTER, intent) == {CONTENT: MATTER}


@pytest.mark.parametrize(
    "text", ["", "吵", "啊啊啊啊啊啊啊啊", "1234567890", "？？？？？？？？", "哈哈哈哈"]
)
def test_a_matter_without_sense_is_not_taken(text):
    assert values(CONTENT, text, "nonsense") == {}


def test_a_matter_that_is_too_long_is_cut_and_the_citizen_told():
    learnt = listen(heard(CONTENT, "路灯坏了很久没人来修。" * 1000))

    assert len(learnt.values[CONTENT]) == 5_000
    assert learnt.responses == ("utter_case_content_cut",)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("幸福路18号东门", "correct_answer"),
        ("李家村三组", "faq_unsure"),
        ("中心小学", "out_of_scope"),
        ("人民广场", "greet"),
        ("城东", ""),
    ],
)
def test_a_place_is_taken_whatever_the_model_took_it_for(text, intent):
    assert values(PLACE, text, intent) == {PLACE: text}


@pytest.mark.parametrize("text", ["无", "没有。", "没有具体地点"])
def test_there_may_be_no_place(text):
    assert values(PLACE, text, "nonsense") == {PLACE: "无"}


@pytest.mark.parametrize(
    ("text", "intent"), [("哈哈", "nonsense"), ("你好", "greet"), ("123", ""), ("为什么要填", "")]
)
def test_what_is_no_place_is_not_taken(text, intent):
    assert values(PLACE, text, intent) == {}


@pytest.mark.parametrize(
    ("kind", "hints"), [("建议", ("utter_case_may_be_anonymous",)), ("投诉", ())]
)
def test_who_may_stay_unnamed_is_told_before_the_name_is_asked_for(kind, hints):
    assert listen(heard(PLACE, "幸福路", kind=kind)).responses == hints


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("张三", "张三"),
        ("我叫李四", "李四"),
        ("姓名：王女士。", "王女士"),
        ("Anna Lee", "Anna Lee"),
    ],
)
def test_a_name_is_found_in_how_people_give_it(text, name):
    assert values(NAME, text) == {NAME: name}


@pytest.mark.parametrize("intent", ["abuse", "cancel", "greet", "express_distress"])
@pytest.mark.parametrize("name", ["王女士", "欧阳先生", "马丽"])
def test_a_name_is_taken_whatever_the_model_took_it_for(name, intent):
    assert values(NAME, name, intent, confidence=0.8) == {NAME: name}


@pytest.mark.parametrize("intent", ["cancel", "abuse", "case_status"])
def test_a_place_that_looks_like_one_is_no_command(intent):
    assert values(PLACE, "人民路12号", intent, confidence=0.8) == {PLACE: "人民路12号"}


@pytest.mark.parametrize(
    "text", ["张三 13812345678", "我叫张三，电话138-1234-5678", "13812345678张三"]
)
def test_name_and_phone_may_come_together(text):
    assert values(NAME, text, "out_of_scope") == {NAME: "张三", PHONE: "13812345678"}


@pytest.mark.parametrize(
    ("text", "intent"), [("12", ""), ("呵呵", "nonsense"), ("为什么", ""), ("名" * 30, "")]
)
def test_what_is_no_name_is_not_taken(text, intent):
    assert values(NAME, text, intent) == {}


@pytest.mark.parametrize("kind", ["建议", "咨询", "求助"])
def test_the_kinds_that_need_no_contact_may_be_anonymous(kind):
    assert values(NAME, "匿名", "faq", kind=kind) == {NAME: "匿名", PHONE: "匿名"}


@pytest.mark.parametrize("kind", ["投诉", "举报"])
@pytest.mark.parametrize("requested", [NAME, PHONE])
def test_complaints_and_reports_need_a_contact(kind, requested):
    learnt = listen(heard(requested, "匿名", kind=kind))

    assert learnt.values == {}
    assert learnt.responses == ("utter_case_needs_contact",)


def test_a_known_name_stays_when_only_the_phone_is_withheld():
    assert values(PHONE, "不想留", kind="建议", **{NAME: "张三"}) == {NAME: "张三", PHONE: "匿名"}


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("13812345678", "13812345678"),
        ("+86 138 1234 5678", "13812345678"),
        ("0571-87654321", "057187654321"),
        ("电话是13812345678。", "13812345678"),
        ("12345", None),
        ("23812345678901", None),
    ],
)
def test_a_phone_number_is_found_or_not(text, phone):
    assert phone_in(text) == phone


def test_a_bare_number_is_an_answer_whatever_the_model_took_it_for():
    assert values(PHONE, "0571-87654321", "case_status") == {PHONE: "057187654321"}


@pytest.mark.parametrize(
    ("text", "intent"), [("提交", "affirm"), ("确认。", ""), ("是的", "affirm"), ("OK", "")]
)
def test_a_yes_confirms(text, intent):
    assert values(CONFIRMED, text, intent) == {CONFIRMED: True}


# --- corrections ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("地址写错了", PLACE),
        ("改电话", PHONE),
        ("名字填错了", NAME),
        ("内容要改", CONTENT),
        ("类型不对", KIND),
    ],
)
@pytest.mark.parametrize("requested", [NAME, PHONE, CONFIRMED, CORRECTION])
def test_a_part_can_be_corrected_at_any_point(requested, text, part):
    learnt = listen(heard(requested, text, "correct_answer"))

    assert learnt.values == {part: None}
    assert learnt.ask_next == part


@pytest.mark.parametrize(
    ("text", "corrected"),
    [
        ("地址改成和平街3号", {PLACE: "和平街3号"}),
        ("电话应该是13900000000", {PHONE: "13900000000"}),
        ("改成建议", {KIND: "建议"}),
        ("名字改为李四", {NAME: "李四"}),
        ("应该是人民路5号", {PLACE: "人民路5号"}),
    ],
)
def test_a_correction_may_bring_its_value(text, corrected):
    learnt = listen(heard(CONFIRMED, text, "correct_answer"))

    assert learnt.values == corrected
    assert learnt.responses == ("utter_case_corrected",)


@pytest.mark.parametrize("text", ["不对", "修改", "有误"])
def test_an_unclear_correction_is_asked_about(text):
    assert listen(heard(CONFIRMED, text, "deny")).ask_next == CORRECTION


@pytest.mark.parametrize("text", ["不改了", "没问题", "继续"])
def test_a_correction_can_be_taken_back(text):
    learnt = listen(heard(CORRECTION, text))

    assert learnt.is_progress
    assert set(learnt.values) == {"case_tries"}


def test_a_matter_that_speaks_of_mistakes_is_no_correction():
    matter = "社保局把我的名字写错了，跑了三趟都不给改，请帮忙解决"

    assert values(CONTENT, matter, "correct_answer") == {CONTENT: matter}


# --- what is not for the form ---------------------------------------------------------------


@pytest.mark.parametrize("requested", [KIND, CONTENT, PLACE, NAME, PHONE, CONFIRMED, CORRECTION])
@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("取消", "cancel"),
        ("转人工", "request_human"),
        ("着火了快来人啊", "emergency"),
        ("身份证丢了怎么补办", "faq"),
    ],
)
def test_commands_dangers_and_questions_leave_the_form(requested, text, intent):
    assert listen(heard(requested, text, intent)) is None


def test_a_long_matter_that_sounds_like_a_command_is_a_matter():
    matter = "请取消小区门口的停车收费，居民回家都要交钱太不合理了"

    assert values(CONTENT, matter, "cancel") == {CONTENT: matter}


def test_a_matter_that_sounds_like_a_question_of_the_store_is_a_matter():
    assert values(CONTENT, MATTER, "faq") == {CONTENT: MATTER}


def test_a_case_number_asks_for_that_case():
    asked = heard(CONTENT, "WZ202611210007", "case_status", numbers=("WZ202611210007",))

    assert listen(asked) is None


@pytest.mark.parametrize(("requested", "leaves"), [(CONTENT, False), (PHONE, True)])
def test_distress_is_part_of_the_matter_but_not_of_a_phone_number(requested, leaves):
    said = listen(heard(requested, "跑了多少趟都没人管我真的要崩溃了", "express_distress"))

    assert (said is None) is leaves


# --- small things ---------------------------------------------------------------------------


def test_of_two_kinds_the_first_counts():
    assert kind_named("不是投诉，是建议") is CaseKind.COMPLAINT
    assert kind_named("今天天气") is None


def test_only_numbers_are_masked():
    assert masked_phone("13812345678") == "138****5678"
    assert masked_phone("匿名") == "匿名"
