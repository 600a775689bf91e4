"""The history of a case in sentences: complete, and nothing in it that staff should not see."""

import re
from datetime import timedelta
from typing import Any

import pytest

from console import wording
from console.cases import history
from core.cases import events, services
from core.cases.events import CaseEvent
from core.cases.states import CaseState, Rating
from core.events import SYSTEM, citizen_actor
from tests.console.browsing import Visitor, words_of
from tests.console.cases.files import Files, address


def kinds() -> list[type[CaseEvent]]:
    return [
        kind
        for kind in vars(events).values()
        if isinstance(kind, type) and issubclass(kind, CaseEvent) and kind is not CaseEvent
    ]


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_every_event_has_a_sentence_and_names_only_facts_it_has(kind: type[CaseEvent]):
    telling = wording.history()[kind.__name__]
    # Some facts are told under another name.
    facts = {
        {
            "department_id": "department",
            "handler_id": "handler",
            "is_provisional": "provisional",
            "is_designated": "designated",
        }.get(name, name)
        for name in kind.__dataclass_fields__
    }
    named = set(re.findall(r"{(\w+)}", telling["sentence"] + telling.get("by_operator", "")))

    assert named | ({telling["quote"]} if "quote" in telling else set()) <= facts


def told(files: Files, number: str) -> list[Any]:
    with files.core.unit_of_work() as uow:
        return history.tell(uow, number)


def sentences(files: Files, number: str) -> list[tuple[str, str, str]]:
    return [(each.who, each.sentence, each.quote) for each in reversed(told(files, number))]


def test_a_whole_life_is_told_with_names_and_dates(files: Files):
    case = files.case(CaseState.REVIEWING)
    files.taken(case.number, "send_back", "draft", "release")
    with files.core.unit_of_work() as uow:
        services.rate_case(uow, case.number, rating=Rating.DISSATISFIED, comment="还是不亮")
    files.taken(case.number, "close")

    assert sentences(files, case.number) == [
        ("市民", "提交了诉求（咨询，来自微信），答复期限 2026年3月11日", ""),
        ("赵敏行", "受理了工单：一般，普通，答复期限 2026年3月11日", ""),
        ("赵敏行", "交办给城市管理局，单位办理期限 2026年3月11日", "请核实并按期答复。"),
        ("路明", "代表城市管理局签收，由路明承办", ""),
        ("路明", "提交了答复第 1 稿，等待审核", ""),
        ("路广平", "将答复第 1 稿退回修改", "请写明修复日期。"),
        ("路明", "提交了答复第 2 稿，等待审核", ""),
        ("路广平", "审核通过答复第 2 稿，已答复市民", ""),
        ("市民", "评价：不满意", "还是不亮"),
        ("严正平", "办结了工单", "已解决"),
    ]


def test_whoever_did_it_is_told(files: Files):
    case = files.case(CaseState.HANDLING)
    with files.core.unit_of_work() as uow:
        services.acknowledge_case(uow, case.number, actor=SYSTEM)
        services.urge_case(uow, case.number, operator_id=files.supervisor.id, text="请抓紧。")
        services.read_contact(uow, case.number, operator_id=files.handler.id)

    assert sentences(files, case.number)[-3:] == [
        ("系统", "向市民作出初步回应，告知了工单号和查询码", ""),
        ("严正平", "向承办单位催办", "请抓紧。"),
        ("路明", "查看了市民的联系方式", ""),
    ]
    assert told(files, case.number)[0].unit == "城市管理局"


def test_a_good_rating_closes_the_case_in_the_systems_name(files: Files):
    case = files.case(CaseState.REPLIED)
    with files.core.unit_of_work() as uow:
        services.rate_case(uow, case.number, rating=Rating.SATISFIED, actor=citizen_actor(7))

    assert sentences(files, case.number)[-2:] == [
        ("市民", "评价：满意", ""),
        ("系统", "自动办结了工单", "市民评价满意，自动办结"),
    ]


def test_the_query_code_is_nowhere_on_the_page_of_a_case(
    files: Files, dispatcher: Visitor, handler: Visitor
):
    case = files.case(CaseState.HANDLING)
    dispatcher.post(address("acknowledge", case), files.form("acknowledge", case))
    assert files.now(case.number).acknowledged_at is not None

    # Who knows the code can rate the answer: those who give it must not.
    assert case.query_code not in handler.get(f"/cases/{case.number}").text
    assert handler.get(f"/cases/{case.number}/receipt").status_code == 403


def test_the_newest_stands_on_top(files: Files, supervisor: Visitor, clock):
    case = files.case(CaseState.ACCEPTED)
    clock.advance(timedelta(minutes=5))
    files.taken(case.number, "dispatch")

    page = words_of(supervisor.get(f"/cases/{case.number}"))

    assert page.index("交办给城市管理局") < page.index("受理了工单") < page.index("提交了诉求")
    assert "2026-03-02 10:05:00" in page
