import pytest

from nlu.entities import Dictionary, find


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("查ＷＺ２０２６１１２１０００７", [("case_number", "WZ202611210007")]),
        ("wz 20261121 0007", [("case_number", "WZ202611210007")]),
        ("WZ202611210007a 怎么样", [("case_number", "WZ202611210007")]),
        ("WZ2026112100078", []),
        (
            "工单WZ202611210007查询码483920",
            [("case_number", "WZ202611210007"), ("query_code", "483920")],
        ),
        ("483920", [("query_code", "483920")]),
        ("我家门牌是483920号", []),
        ("电话138-1234-5678", [("phone", "13812345678")]),
        ("0571-87654321", [("phone", "0571-87654321")]),
        ("国务院令第711号是什么", [("document_number", "国务院令第711号")]),
        ("看国办发〔2020〕53号", [("document_number", "看国办发〔2020〕53号")]),
        ("不是投诉是建议", [("case_kind", "投诉")]),
        ("身份证丢了", []),
        ("我的身份证号11010519491231002X", [("id_number", "11010519491231002X")]),
        ("订单号110105194912310021", []),
        ("2026年3月5日交的", [("date", "2026-03-05")]),
        ("3月5号去过", [("date", "03-05")]),
        ("2026-11-02 去过", [("date", "2026-11-02")]),
        ("版本 1.2.3", []),
        ("昨天和上周三都去过", [("date", "昨天"), ("date", "上周三")]),
        ("我住在柳林镇杨树村", [("district", "柳林镇"), ("district", "杨树村")]),
        ("村民委员会不开证明", []),
        ("幸福里小区太吵", [("district", "幸福里小区")]),
    ],
)
def test_facts_are_found_by_their_pattern(text, found):
    assert [(item.entity, item.value) for item in find(text)] == found


def test_places_are_those_of_the_citizens_own_text():
    text = "工单号：ＷＺ２０２６１１２１０００７。"

    [item] = find(text)

    assert text[item.start : item.end] == "ＷＺ２０２６１１２１０００７"


def test_words_of_the_dictionary_are_found_under_their_names():
    words = {"department": {"公安局": "公安局", "派出所": "公安局", "公安": "公安局"}}

    found = find("派出所和公安局都去过", Dictionary(words))

    assert [(item.entity, item.value) for item in found] == [("department", "公安局")] * 2
    assert [(item.start, item.end) for item in found] == [(0, 3), (4, 7)]


def test_a_word_of_the_dictionary_is_not_found_inside_a_document_number():
    words = {"department": {"民政局": "民政局"}}

    [found] = find("县民政局〔2026〕5号", Dictionary(words))

    assert found.entity == "document_number"
