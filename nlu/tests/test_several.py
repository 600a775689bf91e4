"""Messages with more than one question are taken apart; stories are not."""

import pytest

from nlu.several import LONGEST_CHARACTERS, questions_in, subjects_of

TOPIC_OF = {"faq/lost": "id_card", "faq/fee": "id_card", "faq/marry": "marriage"}
SUBJECTS = {"id_card": "身份证"}
KNOWN = {
    "身份证丢了怎么补": "faq/lost",
    "身份证补一张要多少钱": "faq/fee",
    "结婚登记要什么材料": "faq/marry",
    "身份证结婚要什么材料": "faq/marry",
}


def asked(text):
    return questions_in(text, KNOWN.get, TOPIC_OF, SUBJECTS)


@pytest.mark.parametrize(
    "text",
    [
        "身份证丢了怎么补？结婚登记要什么材料？",
        "身份证丢了怎么补，另外结婚登记要什么材料",
        "你好，身份证丢了怎么补，顺便问一下结婚登记要什么材料",
        "身份证丢了怎么补\n结婚登记要什么材料",
    ],
)
def test_two_questions_are_told_apart(text):
    assert asked(text) == ["faq/lost", "faq/marry"]


def test_a_later_question_may_leave_out_what_it_is_about():
    assert asked("身份证丢了怎么补，补一张要多少钱") == ["faq/lost", "faq/fee"]


def test_a_left_out_subject_does_not_lead_to_another_topic():
    assert asked("身份证丢了怎么补，结婚要什么材料") == []


@pytest.mark.parametrize(
    "text",
    [
        "身份证丢了怎么补",
        "身份证丢了怎么补，身份证丢了怎么补",
        "身份证丢了怎么补，谢谢你们",
        "身份证丢了怎么补？"
        + "我昨天在街上走了很久" * (LONGEST_CHARACTERS // 10)
        + "结婚登记要什么材料？",
        "",
    ],
)
def test_one_question_is_left_alone(text):
    assert asked(text) == []


def test_a_topic_is_known_by_the_word_only_it_uses():
    forms = [
        ("身份证丢了怎么办", "id_card"),
        ("怎么办身份证", "id_card"),
        ("补身份证多少钱", "id_card"),
        ("结婚怎么办", "marriage"),
        ("结婚登记多少钱", "marriage"),
    ]

    assert subjects_of(forms) == {"id_card": "身份证", "marriage": "结婚"}
