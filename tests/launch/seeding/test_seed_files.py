"""What the seed files say fits together."""

from collections import Counter

import pytest
import yaml
from pydantic import ValidationError

from bot.simulator.citizens import DEMO_NAMES, known_openid
from launch.seeding import accounts, faq
from launch.seeding.cases import Matter
from launch.seeding.chats import Chat, CitizenLine
from launch.seeding.filling import SEEDS, read_seed
from launch.seeding.moments import Moment
from launch.seeding.office import Person, ReviewSoon, Unit


@pytest.fixture(scope="module")
def chats():
    return read_seed("conversations", Chat)


@pytest.fixture(scope="module")
def drafts():
    return faq.drafts()


def units(below=None):
    for unit in read_seed("organisation", Unit) if below is None else below:
        yield unit
        yield from units(unit.units)


def test_the_citizens_are_those_of_the_simulator(chats):
    for chat in chats:
        assert chat.openid == known_openid("town", chat.citizen)


def test_who_has_yet_to_ask_or_to_find_the_account_has_no_conversation(chats):
    names = {chat.citizen for chat in chats}
    first, *others, last = DEMO_NAMES

    assert names.issuperset(others)
    assert names.isdisjoint({first, last})


def test_every_answer_of_the_faq_has_an_owner_in_the_office(drafts):
    owners = {draft.department_code for draft in drafts}

    assert owners <= {unit.code for unit in units()}


def test_no_two_answers_share_a_name(drafts):
    counted = Counter(draft.slug for draft in drafts)

    assert [slug for slug, count in counted.items() if count > 1] == []
    assert len(drafts) >= 60


def test_what_is_to_be_reviewed_soon_is_there(drafts):
    slugs = {draft.slug for draft in drafts}

    for review in read_seed("knowledge", ReviewSoon):
        assert review.slug in slugs
        assert 0 < review.in_days <= 10


def test_answers_told_in_conversations_are_there(chats, drafts):
    told = {
        line.answer
        for chat in chats
        for line in chat.lines
        if isinstance(line, CitizenLine) and line.answer
    }

    assert told <= {draft.slug for draft in drafts}


def test_every_case_of_a_chat_is_opened_in_one(chats):
    opened = [
        line.opens_case
        for chat in chats
        for line in chat.lines
        if isinstance(line, CitizenLine) and line.opens_case
    ]
    matters = read_seed("cases", Matter)

    assert sorted(opened) == sorted(one.key for one in matters if one.submitted is None)


def test_no_phone_number_of_a_citizen_can_be_called():
    numbers = [matter.contact.phone for matter in read_seed("cases", Matter)]

    assert all(number.startswith("0000-") for number in numbers if number)


def test_one_account_of_every_role_is_shown():
    shown = accounts.shown()
    people = {person.login: person for person in read_seed("people", Person)}

    roles = [role for account in shown for role in people[account.login].roles]
    assert len(roles) == len(set(roles)) == len(shown)
    assert {role for person in people.values() for role in person.roles} == set(roles)


def test_no_seed_file_holds_a_password():
    for file in SEEDS.glob("*.yml"):
        keys = yaml.safe_load(file.read_text(encoding="utf-8"))
        assert "password" not in str(keys).lower()


def test_every_unit_that_is_given_a_case_has_people():
    staffed = {person.department for person in read_seed("people", Person)}
    signed = [
        step.by
        for matter in read_seed("cases", Matter)
        for step in matter.steps
        if step.do == "sign_for"
    ]
    by_login = {person.login: person.department for person in read_seed("people", Person)}

    assert {by_login[login] for login in signed} <= staffed


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"minutes_ago": 5, "working_days_ago": 1, "at": "09:00"},
        {"working_days_ago": 1},
        {"minutes_ago": 5, "at": "09:00"},
        {"working_days_ago": 0, "at": "09:00"},
        {"working_days_ago": 1, "at": "9:00"},
        {"working_days_ago": 1, "at": 540},
        {"minutes_ago": 5, "hours_ago": 1},
    ],
)
def test_a_moment_is_told_in_one_way(told):
    with pytest.raises(ValidationError):
        Moment.model_validate(told)
