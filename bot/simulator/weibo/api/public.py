"""What is said in public: lists to read, comments to write."""

from collections.abc import Sequence
from typing import Any

from bot.simulator.weibo.api.gate import Answer, ApiCall
from bot.simulator.weibo.public import Post
from bot.simulator.weibo.refusals import WeiboRefusal

MAX_COUNT = 200
DEFAULT_COUNT = 50


async def statuses_mentions(call: ApiCall) -> Answer:
    found = call.weibo.square.naming(call.token_account.key, comments=False)
    return _listed(call, "statuses", found)


async def comments_mentions(call: ApiCall) -> Answer:
    found = call.weibo.square.naming(call.token_account.key, comments=True)
    return _listed(call, "comments", found)


async def comments_to_me(call: ApiCall) -> Answer:
    return _listed(call, "comments", call.weibo.square.below_posts_of(call.token_account.key))


async def create_comment(call: ApiCall) -> Answer:
    text = call.required("comment")
    call.required("rip")
    status = call.weibo.square.status(call.required("id"))
    return await _say(call, status, text)


async def reply_to_comment(call: ApiCall) -> Answer:
    text = call.required("comment")
    call.required("rip")
    square = call.weibo.square
    comment, status = square.comment(call.required("cid")), square.status(call.required("id"))
    if comment.status_id != status.id:
        raise WeiboRefusal(20201)
    shown = (
        text if call.form.get("without_mention") == "1" else f"回复@{comment.author_name}:{text}"
    )
    return await _say(call, status, text, shown=shown, to_uid=comment.author_uid)


async def _say(
    call: ApiCall, status: Post, text: str, *, shown: str = "", to_uid: str = ""
) -> Answer:
    weibo, account = call.weibo, call.token_account
    if not account.may_comment:
        raise WeiboRefusal(10014)
    weibo.square.require_new_words(account.key, text)
    if status.commenting != "all" and status.author_uid != account.uid:
        raise WeiboRefusal(20207 if status.commenting == "trusted" else 20206)
    weibo.square.note_words(account.key, text)
    post = weibo.square.write(
        author_uid=account.uid,
        author_name=account.name,
        text=shown or text,
        at=weibo.now(),
        status_id=status.id,
    )
    call.openid = to_uid or status.author_uid
    weibo.tally["comments"] += 1
    if weibo.citizens.find(call.openid):
        details = {"post_id": str(post.id), "status_id": str(status.id), "below": status.text}
        await weibo.show_message(call.openid, "comment", post.text, details)
    return post.as_json() | {"status": status.as_json()}


def _listed(call: ApiCall, name: str, newest_first: Sequence[Post]) -> dict[str, Any]:
    since, until = _number(call, "since_id", 0), _number(call, "max_id", 0)
    count = min(MAX_COUNT, _number(call, "count", DEFAULT_COUNT))
    page = max(1, _number(call, "page", 1))
    wanted = [p for p in newest_first if p.id > since and (not until or p.id <= until)]
    shown = wanted[(page - 1) * count : page * count]
    return {
        name: [_described(call, post) for post in shown],
        "hasvisible": False,
        "previous_cursor": 0,
        "next_cursor": wanted[page * count].id if len(wanted) > page * count else 0,
        "total_number": len(wanted),
    }


def _described(call: ApiCall, post: Post) -> dict[str, Any]:
    said = post.as_json()
    if post.status_id is None:
        return said
    return said | {"status": call.weibo.square.status(str(post.status_id)).as_json()}


def _number(call: ApiCall, name: str, otherwise: int) -> int:
    given = call.form.get(name, "")
    if not given:
        return otherwise
    if not given.isdecimal():
        raise WeiboRefusal(10017, name=name, wanted="int64")
    return int(given)
