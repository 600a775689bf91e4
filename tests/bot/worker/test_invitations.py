import re
from datetime import timedelta

import pytest

from bot.worker.invitations import choose_invitation, is_invitation
from bot.worker.turns import Turns
from config.notices import load_menu_words, load_notices
from core.conversations import queries
from core.conversations.states import MessageOutcome
from core.messaging import InboundKind, PublicPlace, PublicPost
from tests.builders import a_message

NOTICES = load_notices()
INVITATIONS = [name for name in NOTICES if is_invitation(name)]
POST = PublicPost(PublicPlace.STATUS, "4890000000000001")

# What a comment may have at most, and an office with a long name.
COMMENT_LIMIT_CHARACTERS = 140
LONG_OFFICE_NAME = "清河回族满族自治县人民政府政务服务和数据管理局"

PERSONAL_DATA = re.compile(r"手机|电话|身份证|姓名|住址|家庭|证件")


@pytest.fixture
def turns(core, dialogue) -> Turns:
    return Turns(core, dialogue, load_menu_words(), timedelta(seconds=12))


def test_a_public_mention_is_answered_once_by_an_invitation_without_asking_the_bot(
    core, turns, rasa, office
):
    with core.unit_of_work() as uow:
        mention = a_message(
            uow, kind=InboundKind.MENTION, text="@清河发布 转人工", payload=POST.payload
        )

    turns.answer(mention.id, is_retry=False)
    turns.answer(mention.id, is_retry=True)

    with core.unit_of_work() as uow:
        [reply] = queries.replies_to(uow.session, mention.id)
        assert queries.get_message(uow.session, mention.id).outcome is MessageOutcome.ANSWERED
    assert rasa.turns == []
    assert reply.text == office.notice(choose_invitation(NOTICES, str(mention.dedupe_key)))
    assert (reply.outbound.choices, reply.outbound.answers) == ((), POST)


def test_mentions_are_answered_in_many_words_and_one_mention_always_in_the_same():
    chosen = [choose_invitation(NOTICES, f"mention-{number}") for number in range(200)]

    assert set(chosen) == set(INVITATIONS)
    assert chosen[0] == choose_invitation(sorted(NOTICES, reverse=True), "mention-0")


def test_there_are_enough_invitations_for_the_platform_not_to_see_the_same_words_again():
    assert len({NOTICES[name] for name in INVITATIONS}) >= 6


@pytest.mark.parametrize("name", INVITATIONS)
def test_an_invitation_leads_into_private_and_asks_nothing_personal_in_public(name):
    words = NOTICES[name].format(office=LONG_OFFICE_NAME)

    assert "私信" in words
    assert "个人信息" in words
    assert not PERSONAL_DATA.search(words)
    assert len(words) <= COMMENT_LIMIT_CHARACTERS
