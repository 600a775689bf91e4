"""A matter is put on record."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from core import event_log
from core.cases import queries, services
from core.cases.errors import CaseNotFound, ContactMissing, ContentMissing, PhoneInvalid
from core.cases.events import CaseAcknowledged, CaseSubmitted, ContactRead
from core.cases.services import Contact
from core.cases.states import CaseKind, CaseSource, CaseState
from core.conversations import queries as conversations
from core.conversations.states import Author
from core.events import operator_actor
from tests.builders import a_case, a_conversation, an_operator
from tests.fakes import MONDAY


def types(uow, number):
    return [row.type for row in event_log.history(uow.session, f"case:{number}")]


def test_a_new_case_has_a_number_a_code_and_its_clocks(uow):
    case = a_case(uow)

    assert case.state is CaseState.SUBMITTED
    assert case.number == "WZ202603020001"
    assert len(case.query_code) == 6
    assert case.query_code.isdigit()
    assert case.acknowledge_by == MONDAY + timedelta(hours=24)
    assert (case.due_on, case.due_is_provisional) == (date(2026, 3, 11), False)
    assert case.policy_version == "2019-1"
    assert case.calendar_version.startswith("chinesecalendar")


def test_submitting_is_logged_and_announced(core, announced):
    with core.unit_of_work() as uow:
        case = a_case(uow)
        assert types(uow, case.number) == ["CaseSubmitted"]

    assert announced == [
        CaseSubmitted(
            at=MONDAY,
            number=case.number,
            kind=CaseKind.INQUIRY,
            source=CaseSource.WECHAT,
            due_on=date(2026, 3, 11),
            is_provisional=False,
            calendar_version=case.calendar_version,
        )
    ]


def test_numbers_count_up_within_a_day_and_begin_again_the_next(uow):
    today = [a_case(uow).number for _ in range(2)]
    uow.now += timedelta(days=1)
    tomorrow = a_case(uow).number

    assert [*today, tomorrow] == ["WZ202603020001", "WZ202603020002", "WZ202603030001"]


def test_the_day_of_the_number_is_the_day_in_the_office(uow):
    uow.now = MONDAY.replace(hour=16)

    assert a_case(uow).number == "WZ202603030001"


def test_many_at_once_get_different_numbers_without_a_gap(fresh_core):
    def submit(_):
        with fresh_core.unit_of_work() as uow:
            return a_case(uow).number

    with ThreadPoolExecutor(8) as people:
        numbers = list(people.map(submit, range(24)))

    assert sorted(numbers) == [f"WZ20260302{serial:04d}" for serial in range(1, 25)]


def test_a_case_that_was_not_kept_leaves_no_gap(core):
    with pytest.raises(ContentMissing), core.unit_of_work() as uow:
        a_case(uow, content="太短")

    with core.unit_of_work() as uow:
        assert a_case(uow).number == "WZ202603020001"


def test_the_same_source_twice_is_one_case(uow):
    first = a_case(uow, source_key="message:42")
    second = a_case(uow, source_key="message:42", content="又点了一次提交，内容不同也一样。")

    assert second is first
    assert types(uow, first.number) == ["CaseSubmitted"]


@pytest.mark.parametrize("content", ["", "   \n ", "路灯坏", "  路灯坏了 "])
def test_content_that_says_nothing_is_refused(uow, content):
    with pytest.raises(ContentMissing):
        a_case(uow, content=content)


def test_a_title_is_made_of_the_first_words(uow):
    case = a_case(uow, content="人民路路灯坏了三天，\n晚上看不清路，" + "请尽快维修" * 20)

    assert case.title.startswith("人民路路灯坏了三天， 晚上看不清路")
    assert case.title.endswith("…")
    assert len(case.title) == 40


def test_long_texts_are_cut_to_what_is_kept(uow):
    case = a_case(uow, content="灯" * 10_000, title="题" * 100, place="路" * 300)

    assert (case.content, case.title, case.place) == ("灯" * 5_000, "题" * 40, "路" * 200)


@pytest.mark.parametrize("kind", [CaseKind.COMPLAINT, CaseKind.REPORT])
def test_complaints_and_reports_need_a_number_to_call(uow, kind):
    with pytest.raises(ContactMissing):
        a_case(uow, kind=kind, contact=Contact(name="王女士"))


@pytest.mark.parametrize("kind", [CaseKind.INQUIRY, CaseKind.HELP_REQUEST, CaseKind.SUGGESTION])
def test_other_cases_may_be_anonymous(uow, kind):
    case = a_case(uow, kind=kind)

    assert case.contact_name is case.contact_phone is None


@pytest.mark.parametrize(
    "phone",
    [
        "13912345678",
        "139 1234 5678",
        "139-1234-5678",
        "0571-87654321",
        "057187654321",
        "010-87654321",
        "0000-2345678",
        "87654321",
        "2345678",
        "+86 13912345678",
        "0086 139 1234 5678",
        "１３９１２３４５６７８",
    ],
)
def test_phone_numbers_are_taken_as_people_write_them(uow, phone):
    case = a_case(uow, contact=Contact(phone=phone))

    opened = services.read_contact(uow, case.number, operator_id=an_operator(uow).id)
    assert opened.phone.isascii()
    assert opened.phone.isdigit()


@pytest.mark.parametrize(
    "phone", ["1391234567", "139123456789", "12345678901", "110", "电话", "12345", "0571-1234567"]
)
def test_a_number_that_cannot_be_called_is_refused(uow, phone):
    with pytest.raises(PhoneInvalid):
        a_case(uow, contact=Contact(phone=phone))


def test_the_contact_is_sealed_at_rest(uow):
    case = a_case(uow, contact=Contact(name="王女士", phone="13912345678"))

    uow.session.flush()
    for sealed, words in [(case.contact_name, "王女士"), (case.contact_phone, "13912345678")]:
        assert sealed is not None
        assert words.encode() not in sealed


def test_reading_the_contact_opens_it_and_is_put_on_record(core, announced):
    with core.unit_of_work() as uow:
        operator_id = an_operator(uow).id
        number = a_case(uow, contact=Contact(name="王女士", phone="139 1234 5678")).number

    with core.unit_of_work() as uow:
        contact = services.read_contact(uow, number, operator_id=operator_id)
        assert types(uow, number) == ["CaseSubmitted", "ContactRead"]

    assert contact == Contact(name="王女士", phone="13912345678")
    assert announced[-1] == ContactRead(at=MONDAY, actor=operator_actor(operator_id), number=number)


def test_a_case_from_a_conversation_belongs_to_its_citizen(uow):
    conversation = a_conversation(uow)

    case = a_case(uow, conversation_id=conversation.id)

    assert case.citizen_id == conversation.identity.citizen_id
    assert queries.open_of_conversation(uow.session, conversation.id) == [case]


def test_the_first_response_is_given_in_the_chat_once(uow, announced):
    conversation = a_conversation(uow)
    case = a_case(uow, conversation_id=conversation.id)

    services.acknowledge_case(uow, case.number)
    services.acknowledge_case(uow, case.number)

    said = [
        message
        for message in conversations.thread(uow.session, conversation.id)
        if message.author is Author.DESK
    ]
    assert len(said) == 1
    assert case.number in said[0].text
    assert case.query_code in said[0].text
    assert types(uow, case.number) == ["CaseSubmitted", "CaseAcknowledged"]
    assert case.acknowledged_at == MONDAY


def test_the_bot_may_give_the_first_response_in_its_own_answer(uow):
    conversation = a_conversation(uow)
    case = a_case(uow, conversation_id=conversation.id)

    services.acknowledge_case(uow, case.number, tell_citizen=False)

    assert case.acknowledged_at == MONDAY
    assert len(conversations.thread(uow.session, conversation.id)) == 1


def test_a_case_without_a_chat_is_acknowledged_on_record_only(core, announced):
    with core.unit_of_work() as uow:
        case = a_case(uow, source=CaseSource.COUNTER)
        services.acknowledge_case(uow, case.number, actor="operator:3")

    assert isinstance(announced[-1], CaseAcknowledged)
    assert announced[-1].actor == "operator:3"


def test_whoever_knows_number_and_code_sees_the_case(uow):
    case = a_case(uow)

    found = queries.get_by_query_code(
        uow.session, f" {case.number.lower()} ", f" {case.query_code} "
    )

    assert found is case


def test_a_wrong_code_is_the_same_as_no_case(uow):
    case = a_case(uow)
    wrong = f"{(int(case.query_code) + 1) % 1_000_000:06d}"

    with pytest.raises(CaseNotFound) as guessed:
        queries.get_by_query_code(uow.session, case.number, wrong)
    with pytest.raises(CaseNotFound) as unknown:
        queries.get_by_query_code(uow.session, "WZ202603029999", wrong)

    assert guessed.value.details.keys() == unknown.value.details.keys()


def test_a_citizen_sees_only_own_cases(uow):
    mine, theirs = a_conversation(uow), a_conversation(uow)
    case = a_case(uow, conversation_id=mine.id)

    assert queries.of_citizen(uow.session, mine.identity.citizen_id) == [case]
    assert queries.of_citizen(uow.session, theirs.identity.citizen_id) == []
    with pytest.raises(CaseNotFound):
        queries.get_of_citizen(uow.session, case.number, theirs.identity.citizen_id)


def test_the_newest_case_of_a_citizen_comes_first(uow):
    conversation = a_conversation(uow)
    older = a_case(uow, conversation_id=conversation.id)
    uow.now += timedelta(minutes=1)
    newer = a_case(uow, conversation_id=conversation.id)

    assert queries.of_citizen(uow.session, conversation.identity.citizen_id) == [newer, older]
