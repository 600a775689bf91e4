"""The FAQ as staff look it up."""

from datetime import date

import pytest

from core.bootstrap import Core
from core.knowledge.services import ReferenceDraft, withdraw_entry
from tests.builders import an_entry
from tests.console.browsing import Visitor, words_of


@pytest.fixture(autouse=True)
def entries(core: Core) -> None:
    with core.unit_of_work() as uow:
        an_entry(uow, slug="loss", question="身份证丢了怎么补领？", answer="到派出所补领。")
        an_entry(
            uow,
            slug="fund",
            topic="housing_fund",
            topic_title="住房公积金",
            question="公积金怎么提取？",
            answer="向管理中心申请。",
            review_by=date(2026, 3, 20),
        )
        an_entry(uow, slug="late", question="老问题？", review_by=date(2026, 2, 1))


def test_entries_stand_under_their_topics(seat: Visitor):
    read = words_of(seat.get("/knowledge/"))

    assert "身份证 2 住房公积金 1" in read
    assert "公积金怎么提取？ 住房公积金" in read


def test_a_topic_can_be_chosen(seat: Visitor):
    read = words_of(seat.get("/knowledge/?topic=housing_fund"))

    assert "公积金怎么提取？" in read
    assert "身份证丢了怎么补领？" not in read


def test_words_are_found_in_questions_and_answers(seat: Visitor):
    assert "身份证丢了怎么补领？" in words_of(seat.get("/knowledge/?words=派出所"))
    assert "没有找到" in words_of(seat.get("/knowledge/?words=飞船"))


@pytest.mark.parametrize("words", ["%", "_", "' OR 1=1 --", "<script>", "\\", "字" * 500])
def test_any_words_may_be_looked_for(seat: Visitor, words: str):
    answer = seat.client.get("/knowledge/", query_string={"words": words})

    assert answer.status_code == 200
    assert "<script>" not in answer.text.replace("<script src", "")


def test_what_is_due_for_review_is_flagged_and_can_be_listed_alone(seat: Visitor):
    everything = words_of(seat.get("/knowledge/"))
    due = words_of(seat.get("/knowledge/?due=yes"))

    assert "2026-03-20 即将到复核期" in everything
    assert "2026-02-01 已过复核期" in everything
    assert "身份证丢了怎么补领？" not in due
    assert "公积金怎么提取？" in due


def test_an_entry_shows_answer_source_and_validity(seat: Visitor):
    read = words_of(seat.get("/knowledge/loss"))

    assert "到派出所补领。" in read
    assert "《中华人民共和国居民身份证法》第十一条 2004-01-01 起施行" in read
    assert "2027-06-30" in read


def test_an_entry_that_rests_on_a_repealed_document_says_so(seat: Visitor, core: Core):
    with core.unit_of_work() as uow:
        an_entry(
            uow,
            slug="old",
            references=[
                ReferenceDraft(document="旧办法", repealed_on=date(2026, 1, 1), successor="新办法")
            ],
        )

    read = words_of(seat.get("/knowledge/old"))

    assert "依据《旧办法》已于 2026-01-01 失效" in read
    assert "现行依据：《新办法》" in read
    assert "依据已失效" in words_of(seat.get("/knowledge/"))


def test_a_withdrawn_entry_is_still_found_and_marked(seat: Visitor, core: Core):
    with core.unit_of_work() as uow:
        withdraw_entry(uow, "loss", reason="内容有误", actor="operator:1")

    assert "已下线" in words_of(seat.get("/knowledge/?words=派出所"))


def test_an_entry_that_is_not_there_is_a_404(seat: Visitor):
    answer = seat.get("/knowledge/no-such-entry")

    assert answer.status_code == 404
    assert "没有找到这条知识" in words_of(answer)
