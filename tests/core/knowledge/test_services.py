"""Answers are taken over from data files, served while they hold, and withdrawn."""

from datetime import date, timedelta

import pytest

from core import event_log
from core.departments.errors import DepartmentNotFound
from core.knowledge import queries
from core.knowledge.errors import (
    AnswerRepealed,
    EntryIncomplete,
    EntryNotFound,
    EntryNotPublished,
)
from core.knowledge.services import ReferenceDraft, withdraw_entry
from core.knowledge.states import EntryScope, EntryState
from tests.builders import a_department, an_entry
from tests.fakes import MONDAY

TODAY = date(2026, 3, 2)
LAW = ReferenceDraft(document="中华人民共和国居民身份证法", article="第十一条")


@pytest.fixture
def department(uow):
    return a_department(uow)


@pytest.fixture
def entry_of(uow, department):
    """Import the same entry, with what is given changed."""

    def build(**given):
        facts = {
            "slug": "id_card_lost",
            "question": "身份证丢了怎么补领？",
            "variants": ["身份证丢了"],
            "department": department,
        }
        entry = an_entry(uow, **facts | given)
        uow.session.flush()
        return entry

    return build


def logged(uow):
    return [row.data["version"] for row in event_log.history(uow.session, "entry:id_card_lost")]


def test_an_imported_entry_is_published(uow, entry_of, department):
    entry = entry_of(steps=["申请", "领证"], fee="工本费")

    assert (entry.state, entry.version) == (EntryState.PUBLISHED, 1)
    assert entry.department_id == department.id
    assert entry.parts["steps"] == ["申请", "领证"]
    assert entry.updated_at == MONDAY
    assert logged(uow) == [1]


def test_an_unchanged_entry_keeps_its_version(uow, entry_of):
    first = entry_of()
    uow.now += timedelta(days=1)

    second = entry_of()

    assert second is first
    assert (second.version, second.updated_at) == (1, MONDAY)
    assert logged(uow) == [1]


@pytest.mark.parametrize(
    "change",
    [
        {"question": "身份证遗失怎么补领？"},
        {"variants": ["身份证丢了", "身份证掉了"]},
        {"answer": "请到任一派出所申请补领。"},
        {"steps": ["申请"]},
        {"materials": ["户口簿"]},
        {"time_limit": "60日"},
        {"fee": "工本费"},
        {"place": "派出所"},
        {"local_gap": "本地受理点"},
        {"review_by": date(2027, 1, 1)},
        {"references": [LAW]},
        {"references": [ReferenceDraft(document=LAW.document, repealed_on=date(2030, 1, 1))]},
    ],
)
def test_any_change_makes_a_new_version(uow, entry_of, change):
    entry_of()

    entry = entry_of(**change)

    assert entry.version == 2
    assert logged(uow) == [1, 2]
    for name, value in change.items():
        if name != "references":
            assert getattr(entry, name) == value


def test_references_are_replaced_not_added(uow, entry_of):
    entry_of(references=[LAW, LAW])

    entry = entry_of(references=[LAW])

    assert [reference.document for reference in entry.references] == [LAW.document]


@pytest.mark.parametrize(
    ("lack", "names"),
    [
        ({"question": " "}, "question"),
        ({"answer": ""}, "answer"),
        ({"variants": []}, "variants"),
        ({"references": []}, "references"),
        ({"scope": EntryScope.LOCAL, "local_gap": None}, "local_gap"),
        ({"answer": "", "variants": []}, "answer,variants"),
    ],
)
def test_an_incomplete_entry_is_refused_naming_what_it_lacks(entry_of, lack, names):
    with pytest.raises(EntryIncomplete) as refused:
        entry_of(**lack)

    assert refused.value.details == {"slug": "id_card_lost", "missing": names}


def test_a_rule_of_the_desk_itself_needs_no_law(entry_of):
    assert entry_of(scope=EntryScope.PLATFORM, references=[]).references == []


def test_an_entry_needs_an_owner(entry_of, uow):
    nobody = a_department(uow)
    nobody_code, nobody.code = nobody.code, "somebody_else"
    uow.session.flush()
    nobody.code = nobody_code
    with uow.session.no_autoflush, pytest.raises(DepartmentNotFound):
        entry_of(department=nobody)


def test_a_published_entry_is_served(uow, entry_of):
    entry = entry_of()

    assert queries.get_servable(uow.session, "id_card_lost", today=TODAY) is entry


@pytest.mark.parametrize(
    ("repealed_on", "is_served"),
    [
        (None, True),
        (TODAY + timedelta(days=1), True),
        (TODAY, False),
        (TODAY - timedelta(days=1), False),
    ],
)
def test_an_answer_holds_until_its_document_is_repealed(uow, entry_of, repealed_on, is_served):
    entry_of(
        references=[
            LAW,
            ReferenceDraft(document="旧办法", repealed_on=repealed_on, successor="新办法"),
        ]
    )

    if is_served:
        assert queries.get_servable(uow.session, "id_card_lost", today=TODAY)
    else:
        with pytest.raises(AnswerRepealed) as refused:
            queries.get_servable(uow.session, "id_card_lost", today=TODAY)
        assert refused.value.details == {
            "slug": "id_card_lost",
            "document": "旧办法",
            "successor": "新办法",
        }


def test_a_withdrawn_entry_is_no_longer_served(uow, entry_of):
    entry = entry_of()
    uow.now += timedelta(hours=1)

    withdraw_entry(uow, "id_card_lost", reason="待核实", actor="operator:3")
    uow.session.flush()

    assert (entry.state, entry.updated_at) == (EntryState.WITHDRAWN, uow.now)
    with pytest.raises(EntryNotPublished):
        queries.get_servable(uow.session, "id_card_lost", today=TODAY)
    assert queries.published(uow.session) == []
    [*_, row] = event_log.history(uow.session, "entry:id_card_lost")
    assert (row.type, row.actor, row.data["reason"]) == ("EntryWithdrawn", "operator:3", "待核实")


def test_importing_the_same_file_again_does_not_publish_what_was_withdrawn(uow, entry_of):
    entry_of()
    withdraw_entry(uow, "id_card_lost", reason="待核实", actor="operator:3")

    assert entry_of().state is EntryState.WITHDRAWN


def test_a_changed_file_publishes_a_withdrawn_entry_again(uow, entry_of):
    entry_of()
    withdraw_entry(uow, "id_card_lost", reason="待核实", actor="operator:3")

    assert entry_of(answer="请到任一派出所申请补领。").state is EntryState.PUBLISHED


def test_an_unknown_entry_is_not_found(uow):
    assert queries.find(uow.session, "nothing") is None
    with pytest.raises(EntryNotFound):
        queries.get_servable(uow.session, "nothing", today=TODAY)
    with pytest.raises(EntryNotFound):
        withdraw_entry(uow, "nothing", reason="", actor="operator:3")
