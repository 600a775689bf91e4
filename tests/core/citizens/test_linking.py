from concurrent.futures import ThreadPoolExecutor

import pytest

from core import event_log
from core.cases import queries as cases
from core.citizens import queries
from core.citizens.errors import (
    AlreadyLinked,
    LinkingCodeInvalid,
    NotLinked,
    OwnLinkingCode,
    TooManyLinked,
)
from core.citizens.services import (
    find_linking,
    give_linking_code,
    link_citizens,
    propose_linking,
    unlink_citizen,
)
from core.citizens.services.linking import CODE_HOLDS, MOST_LINKED
from core.conversations.models import ChannelIdentity
from core.conversations.services import take_over
from core.errors import DomainError
from core.messaging import ChannelName
from core.unit_of_work import UnitOfWork
from tests.builders import a_case, a_conversation, an_address, an_operator


def identity_on(uow: UnitOfWork, channel: ChannelName = ChannelName.WECHAT) -> ChannelIdentity:
    return a_conversation(uow, address=an_address(channel=channel)).identity


def link(uow: UnitOfWork, one: ChannelIdentity, other: ChannelIdentity) -> None:
    link_citizens(uow, give_linking_code(uow, one.id), identity_id=other.id)
    uow.session.flush()


def persons(uow: UnitOfWork, identity: ChannelIdentity) -> set[int]:
    return {each.id for each in queries.identities_of(uow.session, identity.citizen_id)}


def test_both_identities_are_one_person_afterwards(uow):
    wechat, weibo = identity_on(uow), identity_on(uow, ChannelName.WEIBO)

    link(uow, wechat, weibo)

    assert persons(uow, wechat) == persons(uow, weibo) == {wechat.id, weibo.id}


def test_the_cases_of_both_are_found_under_each(uow):
    first, second = a_conversation(uow), a_conversation(uow)
    numbers = {a_case(uow, conversation_id=each.id).number for each in (first, second)}

    link(uow, first.identity, second.identity)

    for conversation in (first, second):
        found = cases.of_citizen(uow.session, conversation.identity.citizen_id)
        assert {case.number for case in found} == numbers


def test_before_consent_nothing_is_shared(uow):
    wechat, weibo = identity_on(uow), identity_on(uow)

    linking = find_linking(uow, give_linking_code(uow, wechat.id), identity_id=weibo.id)

    assert [each.id for each in linking.theirs] == [wechat.id]
    assert [each.id for each in linking.own] == [weibo.id]
    assert persons(uow, weibo) == {weibo.id}


def test_a_code_is_used_once(uow):
    one, other, third = identity_on(uow), identity_on(uow), identity_on(uow)
    code = give_linking_code(uow, one.id)
    link_citizens(uow, code, identity_id=other.id)

    with pytest.raises(LinkingCodeInvalid):
        link_citizens(uow, code, identity_id=third.id)


def test_a_wrong_code_links_nobody(uow):
    with pytest.raises(LinkingCodeInvalid):
        link_citizens(uow, "00000000", identity_id=identity_on(uow).id)


def test_a_code_ends_after_some_minutes(core, clock):
    with core.unit_of_work() as uow:
        code = give_linking_code(uow, identity_on(uow).id)
        other_id = identity_on(uow).id
    clock.advance(CODE_HOLDS)

    with core.unit_of_work() as uow, pytest.raises(LinkingCodeInvalid):
        link_citizens(uow, code, identity_id=other_id)


def test_a_new_code_ends_the_one_before(uow):
    one, other = identity_on(uow), identity_on(uow)
    first = give_linking_code(uow, one.id)
    give_linking_code(uow, one.id)

    with pytest.raises(LinkingCodeInvalid):
        link_citizens(uow, first, identity_id=other.id)


def test_nobody_is_linked_to_the_same_identity(uow):
    identity = identity_on(uow)

    with pytest.raises(OwnLinkingCode):
        link_citizens(uow, give_linking_code(uow, identity.id), identity_id=identity.id)


def test_who_is_linked_already_is_told_so(uow):
    one, other = identity_on(uow), identity_on(uow)
    link(uow, one, other)

    with pytest.raises(AlreadyLinked):
        link(uow, one, other)


def test_two_who_are_linked_to_others_become_one_together(uow):
    four = [identity_on(uow) for _ in range(4)]
    link(uow, four[0], four[1])
    link(uow, four[3], four[2])

    link(uow, four[1], four[2])

    for each in four:
        assert persons(uow, each) == {identity.id for identity in four}


def test_nobody_gathers_identities_without_end(uow):
    first = identity_on(uow)
    for _ in range(MOST_LINKED - 1):
        link(uow, identity_on(uow), first)

    with pytest.raises(TooManyLinked):
        link(uow, identity_on(uow), first)


@pytest.mark.parametrize("leaving", [0, 1, 2])
def test_whoever_is_taken_out_leaves_the_others_together(uow, leaving):
    three = [identity_on(uow) for _ in range(3)]
    link(uow, three[0], three[1])
    link(uow, three[1], three[2])

    unlink_citizen(uow, three[leaving].id, by_citizen_id=three[0].citizen_id)
    uow.session.flush()

    rest = {each.id for place, each in enumerate(three) if place != leaving}
    assert persons(uow, three[leaving]) == {three[leaving].id}
    for place, each in enumerate(three):
        if place != leaving:
            assert persons(uow, each) == rest


def test_taken_back_each_has_the_own_cases_again(uow):
    first, second = a_conversation(uow), a_conversation(uow)
    own = a_case(uow, conversation_id=first.id)
    a_case(uow, conversation_id=second.id)
    link(uow, first.identity, second.identity)

    unlink_citizen(uow, second.identity_id, by_citizen_id=first.identity.citizen_id)
    uow.session.flush()

    found = cases.of_citizen(uow.session, first.identity.citizen_id)
    assert [case.number for case in found] == [own.number]


def test_nobody_takes_out_a_stranger(uow):
    one, other, stranger = identity_on(uow), identity_on(uow), identity_on(uow)
    link(uow, one, other)

    with pytest.raises(NotLinked):
        unlink_citizen(uow, one.id, by_citizen_id=stranger.citizen_id)


def test_what_is_not_linked_cannot_be_taken_out(uow):
    identity = identity_on(uow)

    with pytest.raises(NotLinked):
        unlink_citizen(uow, identity.id, by_citizen_id=identity.citizen_id)


def test_linking_and_taking_it_back_are_on_record_under_both(uow):
    one, other = identity_on(uow), identity_on(uow)
    link(uow, one, other)
    unlink_citizen(uow, one.id, by_citizen_id=other.citizen_id)

    for identity in (one, other):
        history = event_log.history(uow.session, f"citizen:{identity.citizen_id}")
        assert [row.type for row in history] == ["CitizensLinked", "CitizensUnlinked"]
        assert {row.actor for row in history} == {f"citizen:{other.citizen_id}"}


def test_staff_propose_and_nothing_is_linked(uow):
    one, operator = a_conversation(uow), an_operator(uow)
    take_over(uow, one.id, operator_id=operator.id)

    message = propose_linking(uow, one.id, operator_id=operator.id, web_login_accounts={"demo"})

    assert "/c/enter/demo?next=/c/mine/identities" in message.text
    assert persons(uow, one.identity) == {one.identity_id}


def test_of_two_who_type_the_same_code_at_once_one_is_linked(fresh_core):
    with fresh_core.unit_of_work() as uow:
        code = give_linking_code(uow, identity_on(uow).id)
        others = [identity_on(uow).id for _ in range(2)]

    def type_code(identity_id: int) -> str:
        try:
            with fresh_core.unit_of_work() as uow:
                link_citizens(uow, code, identity_id=identity_id)
        except DomainError as error:
            return error.code
        return "linked"

    with ThreadPoolExecutor(2) as both:
        outcomes = sorted(both.map(type_code, others))

    assert outcomes == ["linked", "linking_code_invalid"]


def test_two_who_link_to_each_other_at_once_make_no_ring(fresh_core):
    with fresh_core.unit_of_work() as uow:
        one, other = identity_on(uow), identity_on(uow)
        codes = [give_linking_code(uow, one.id), give_linking_code(uow, other.id)]
        identity_ids, citizen_id = [other.id, one.id], one.citizen_id

    def type_code(place: int) -> str:
        try:
            with fresh_core.unit_of_work() as uow:
                link_citizens(uow, codes[place], identity_id=identity_ids[place])
        except DomainError as error:
            return error.code
        return "linked"

    with ThreadPoolExecutor(2) as both:
        outcomes = sorted(both.map(type_code, range(2)))

    assert outcomes == ["already_linked", "linked"]
    with fresh_core.unit_of_work() as uow:
        assert len(queries.identities_of(uow.session, citizen_id)) == 2
