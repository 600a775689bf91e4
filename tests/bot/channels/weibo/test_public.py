"""Lists of public words: what is read from them, and where it is answered."""

import pytest

from bot.channels.weibo.api_errors import WeiboApiError
from bot.channels.weibo.public import PublicList, read_page
from config.accounts import MentionAnswer
from core.messaging import InboundKind, PublicPlace, PublicPost, Trigger
from tests.bot.channels.scripted_server import Answer
from tests.bot.channels.weibo.platform import (
    ACCESS_TOKEN,
    BY_COMMENT,
    CITIZEN,
    CITIZEN_ID,
    REAL_IP,
    UID,
    FakeApi,
    a_channel,
    an_account,
    in_public,
    read,
)

TIME = "Mon Mar 02 09:00:00 +0800 2026"
EVERY_LIST = list(PublicList)


def a_post(post_id=4890000000000001, *, uid=CITIZEN_ID, above=None, **changes):
    post = {
        "created_at": TIME,
        "id": post_id,
        "idstr": str(post_id),
        "text": "@清河发布 人民路的路灯坏了三天",
        "user": {"id": int(uid), "idstr": uid},
    }
    return post | ({"status": {"idstr": str(above)}} if above else {}) | changes


def page_of(*posts, which=PublicList.STATUSES_NAMING):
    return read_page(which, {which.holds: list(posts)}, account_name="town", own_uid=UID)


def test_a_post_from_a_list_is_the_same_message_as_the_pushed_one():
    [message] = page_of(a_post()).messages

    pushed = read("weibo_mention_status.json")
    assert message == pushed


def test_a_comment_from_a_list_tells_the_post_above_it():
    which = PublicList.COMMENTS_NAMING
    [message] = page_of(a_post(4890000000000002, above=77), which=which).messages

    assert message.dedupe_key == read("weibo_mention_comment.json").dedupe_key
    post = PublicPost.in_payload(message.payload)
    assert post == PublicPost(PublicPlace.COMMENT, "4890000000000002", "77")


def test_a_comment_that_names_nobody_grants_no_message():
    [message] = page_of(a_post(8, above=77), which=PublicList.COMMENTS_BELOW).messages

    assert (message.kind, message.trigger) == (InboundKind.MENTION, Trigger.NOTHING)


@pytest.mark.parametrize(
    "post",
    [
        a_post(uid=UID),
        a_post(user=None),
        a_post(user={"id": "x"}),
        a_post(created_at="yesterday"),
        {},
        {"id": []},
        "a word",
    ],
    ids=range(7),
)
def test_what_cannot_be_understood_or_is_our_own_is_left_out(post):
    page = page_of(post, a_post(5))

    assert [message.dedupe_key for message in page.messages] == ["mention-status-5"]


def test_a_page_tells_the_newest_post_and_whether_it_is_the_last():
    full = page_of(*[a_post(number) for number in range(50, 0, -1)])
    empty = page_of()

    assert (full.newest_id, full.is_last) == (50, False)
    assert (empty.newest_id, empty.is_last) == (0, True)


def test_a_list_is_asked_for_by_its_address(api, server):
    server.script(Answer(b'{"statuses": []}'))

    api.read_list(PublicList.STATUSES_NAMING, since_id=7, page=2)

    [call] = server.calls
    assert (call.method, call.path, call.token) == (
        "GET",
        "/2/statuses/mentions.json",
        ACCESS_TOKEN,
    )
    assert call.query | {"since_id": "7", "count": "50", "page": "2"} == call.query


@pytest.mark.parametrize("body", [b"{}", b'{"statuses": {}}', b"<html>"])
def test_an_answer_without_the_list_is_none(api, server, body):
    server.script(Answer(body))

    with pytest.raises(WeiboApiError):
        api.read_list(PublicList.STATUSES_NAMING)


@pytest.mark.parametrize(
    ("changes", "lists"),
    [
        ({}, EVERY_LIST[:2]),
        ({"mention_push": True}, []),
        (BY_COMMENT, EVERY_LIST),
        (BY_COMMENT | {"mention_push": True}, EVERY_LIST[2:]),
        ({"access_token": ""}, []),
    ],
)
def test_an_account_reads_what_no_push_tells_and_it_may_answer(changes, lists):
    assert list(a_channel(account=an_account(**changes)).lists_to_read) == lists


COMMENT = PublicPost(PublicPlace.COMMENT, "8", "77")


def test_a_comment_is_answered_where_it_stands():
    api = FakeApi()

    a_channel(api=api, account=an_account(**BY_COMMENT)).deliver(
        CITIZEN, in_public("请私信我们。", COMMENT)
    )

    assert api.comments == [("77/8", "请私信我们。", REAL_IP)]


def test_a_comment_is_answered_in_private_where_the_office_chose_so():
    api = FakeApi()
    account = an_account(mention_answer=MentionAnswer.MESSAGE)

    a_channel(api=api, account=account).deliver(CITIZEN, in_public("请私信我们。", COMMENT))

    assert api.sent == [(CITIZEN_ID, "请私信我们。")]


def test_the_answer_to_a_comment_names_comment_post_and_our_address(api, server):
    server.script(Answer(b'{"id": 1}'))

    api.reply_to_comment("8", "77", "请私信我们", real_ip=REAL_IP)

    [call] = server.calls
    assert call.path == "/2/comments/reply.json"
    assert call.body.decode().startswith("cid=8&id=77&comment=")
