"""A citizen raises a matter in the chat, gets a number, and can follow it up."""

import re

import pytest

from tests.people import Citizen

pytestmark = [pytest.mark.journey, pytest.mark.rasa, pytest.mark.timeout(300)]


def open_case(citizen: Citizen) -> str:
    citizen.asks("我要反映问题")
    citizen.asks("投诉")
    citizen.asks("楼下烧烤店每天晚上油烟很大，熏得睡不着，希望管一管")
    citizen.asks("人民路12号")
    citizen.asks("王女士")
    summary = citizen.asks("13800138000")
    assert "人民路12号" in summary
    return citizen.asks("确认")


def test_a_complaint_gets_a_number_a_query_code_and_a_date(desk):
    answer = open_case(Citizen(desk))

    assert re.search(r"WZ\d{12}", answer)
    assert re.search(r"查询码\D{0,3}\d{6}", answer)
    assert re.search(r"\d{4}年\d{1,2}月\d{1,2}日", answer)


def test_the_citizen_can_ask_how_the_case_stands_and_others_cannot(desk):
    citizen, stranger = Citizen(desk), Citizen(desk)
    number = re.search(r"WZ\d{12}", open_case(citizen)).group()

    assert number in citizen.asks("查询进度")
    assert "没有查到" in stranger.asks(number)


def test_filling_in_can_be_given_up_at_any_point(desk):
    citizen = Citizen(desk)
    citizen.asks("我要投诉")

    assert "取消" in citizen.asks("取消")
    assert "智能助手自动答复" in citizen.asks("身份证丢了怎么补办")


def test_a_wrong_detail_can_be_corrected_before_confirming(desk):
    citizen = Citizen(desk)
    for words in ("我要反映问题", "建议", "希望在滨河公园增设几盏路灯，晚上太黑", "人民路", "匿名"):
        citizen.asks(words)

    asked = citizen.asks("地址写错了")
    citizen.asks("滨河公园南门")

    assert "哪里" in asked or "地点" in asked or "地方" in asked
    assert "滨河公园南门" in citizen.heard()[-1]


def test_a_meaningless_answer_is_asked_again_and_then_a_person_is_offered(desk):
    citizen = Citizen(desk)
    for words in (
        "我要反映问题",
        "投诉",
        "小区门口的路坑坑洼洼，老人摔倒了好几次",
        "幸福小区",
        "王女士",
    ):
        citizen.asks(words)

    first, second, third = (citizen.asks(words) for words in ("啊啊啊", "不告诉你", "呵呵呵"))

    assert "例如" in first
    assert "例如" in second
    assert "转人工" in third
