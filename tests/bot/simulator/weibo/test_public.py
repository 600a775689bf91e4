"""What is said in public: mentions to read, comments to write, words not to repeat."""

import pytest

from tests.bot.simulator.weibo.platform import UID, code_of

pytestmark = pytest.mark.anyio

CREATE, REPLY = "/2/comments/create.json", "/2/comments/reply.json"


@pytest.fixture(autouse=True)
def silent_gateway(gateway):
    gateway.answer = lambda _received: b""


async def listed(by_http, path, **query):
    said = (await by_http.get(f"/2/{path}.json", **query)).json()
    return said[path.partition("/")[0]]


async def test_who_names_the_account_is_listed_newest_first(by_http):
    for number in range(3):
        await by_http.control("mention", openid=UID, text=f"第 {number} 次")
    await by_http.control("mention", openid=UID, place="comment", text="在评论里")

    statuses = await listed(by_http, "statuses/mentions")
    comments = await listed(by_http, "comments/mentions")

    assert [s["text"] for s in statuses] == [f"@清河发布 第 {n} 次" for n in (2, 1, 0)]
    assert statuses[0]["user"]["idstr"] == UID
    assert statuses[0]["created_at"] == "Mon Mar 09 10:00:00 +0800 2026"
    assert [c["text"] for c in comments] == ["@清河发布 在评论里"]
    assert comments[0]["status"]["text"] == "今天的滨河公园很漂亮。"


async def test_a_list_is_read_from_an_id_to_an_id_and_by_pages(by_http):
    for number in range(5):
        await by_http.control("mention", openid=UID, text=f"{number}")
    every = [s["id"] for s in await listed(by_http, "statuses/mentions")]

    newer = await listed(by_http, "statuses/mentions", since_id=every[2])
    older = await listed(by_http, "statuses/mentions", max_id=every[3])
    second = await listed(by_http, "statuses/mentions", count=2, page=2)

    assert [s["id"] for s in newer] == every[:2]
    assert [s["id"] for s in older] == every[3:]
    assert [s["id"] for s in second] == every[2:4]
    assert code_of(await by_http.get("/2/statuses/mentions.json", since_id="x")) == 10017


async def test_without_the_right_a_mention_is_not_pushed_but_listed(by_http, gateway):
    await by_http.control("accounts", pushes_mentions=False)

    said = await by_http.control("mention", openid=UID, text="路灯坏了")

    assert said["is_pushed"] is False
    assert gateway.received == []
    assert [s["idstr"] for s in await listed(by_http, "statuses/mentions")] == [said["post_id"]]


async def test_comments_below_the_accounts_own_posts_have_a_list_of_their_own(by_http):
    await by_http.control("comment", openid=UID, text="请问周六可以办理吗？")

    [comment] = await listed(by_http, "comments/to_me")
    assert comment["text"] == "请问周六可以办理吗？"
    assert await listed(by_http, "comments/mentions") == []


async def test_a_comment_is_seen_by_the_citizen(by_http):
    post = await by_http.control("mention", openid=UID, text="路灯坏了")

    answer = await by_http.post(CREATE, id=post["post_id"], comment="请私信我们", rip="1.2.3.4")

    assert code_of(answer) == 0
    entry = by_http.weibo.transcripts.of(UID)[-1]
    assert (entry.kind, entry.text) == ("comment", "请私信我们")


async def test_a_comment_is_answered_below_the_same_post(by_http):
    said = await by_http.control("mention", openid=UID, place="comment", text="路灯坏了")
    facts = {"id": said["status_id"], "rip": "1.2.3.4"}

    good = await by_http.post(REPLY, cid=said["post_id"], comment="请私信我们", **facts)
    bad = await by_http.post(REPLY, cid="12", comment="请来私信", **facts)

    assert good.json()["text"] == "回复@王建国:请私信我们"
    assert code_of(bad) == 20201


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"rip": ""}, 10016),
        ({"comment": ""}, 10016),
        ({"comment": "  "}, 20008),
        ({"comment": "好" * 141}, 20012),
        ({"comment": "好" * 140}, 0),
        ({"id": "12"}, 20101),
    ],
)
async def test_a_comment_is_held_to_the_rules(by_http, changed, code):
    post = await by_http.control("mention", openid=UID, text="路灯坏了")
    form = {"id": post["post_id"], "comment": "您好", "rip": "1.2.3.4"} | changed

    assert code_of(await by_http.post(CREATE, **form)) == code


async def test_the_same_words_are_refused_and_nearly_the_same_as_well(by_http):
    post = await by_http.control("mention", openid=UID, text="路灯坏了")

    async def say(text):
        answer = await by_http.post(CREATE, id=post["post_id"], comment=text, rip="1.2.3.4")
        return code_of(answer)

    assert await say("请私信我们") == 0
    assert await say("请私信我们") == 20019
    assert await say("请私信我们！ 1") == 20017
    assert await say("欢迎到私信里说") == 0


@pytest.mark.parametrize(("commenting", "code"), [("followers", 20206), ("trusted", 20207)])
async def test_an_author_may_let_only_some_comment(by_http, commenting, code):
    post = await by_http.control("mention", openid=UID, text="路灯坏了", commenting=commenting)

    answer = await by_http.post(CREATE, id=post["post_id"], comment="您好", rip="1.2.3.4")

    assert code_of(answer) == code


async def test_an_application_without_the_right_cannot_comment(by_http):
    await by_http.control("accounts", may_comment=False)
    post = await by_http.control("mention", openid=UID, text="路灯坏了")

    answer = await by_http.post(CREATE, id=post["post_id"], comment="您好", rip="1.2.3.4")

    assert code_of(answer) == 10014


async def test_a_comment_below_a_post_that_there_is_not_is_told(by_http):
    answer = await by_http.http.post(
        "/control/weibo/mention",
        json={"openid": UID, "place": "comment", "text": "好", "status_id": "12"},
    )

    assert (answer.status_code, answer.json()) == (404, {"error": "unknown_post"})


async def test_everything_is_forgotten_by_a_reset_and_the_two_platforms_apart(by_http):
    await by_http.control("mention", openid=UID, text="路灯坏了")
    await by_http.http.post("/control/reset")
    assert len((await by_http.told("square"))["posts"]) == 1

    await by_http.control("reset")
    assert (await by_http.told("square"))["posts"] == []


async def test_a_burst_of_many_citizens_is_reported(by_http):
    report = await by_http.control("burst", citizens=5, lines=["一", "二"])

    assert (report["messages"], report["outcomes"]["silent"]) == (10, 10)


async def test_a_given_body_is_pushed_as_it_is(by_http, gateway):
    push = await by_http.control("given", openid=UID, body='{"type":"hologram"}')

    assert gateway.last.body == b'{"type":"hologram"}'
    assert push["outcome"] == "silent"
