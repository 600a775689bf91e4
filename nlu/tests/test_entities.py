import pytest

from nlu.entities import find


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
    ],
)
def test_facts_are_found_by_their_pattern(text, found):
    assert [(item.entity, item.value) for item in find(text)] == found


def test_places_are_those_of_the_citizens_own_text():
    text = "工单号：ＷＺ２０２６１１２１０００７。"

    [item] = find(text)

    assert text[item.start : item.end] == "ＷＺ２０２６１１２１０００７"
