"""What is said in public: posts, comments below them, and what the account says there."""

import re
from collections import OrderedDict, deque
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.simulator.weibo.payloads import written_time
from bot.simulator.weibo.refusals import WeiboRefusal

MAX_POSTS = 5000
REMEMBERED_WORDS = 50
MAX_CHARACTERS = 140

# What does not make two comments different: names, links, figures, signs.
_BESIDE_THE_WORDS = re.compile(r"@[\w-]+|https?://\S+|[\W\d_]+")


@dataclass(frozen=True, kw_only=True)
class Post:
    """A post, or a comment below one; `commenting` is who may write below it."""

    id: int
    author_uid: str
    author_name: str
    text: str
    at: datetime
    status_id: int | None = None  # of a comment: the post above it
    names_account: str = ""  # the short name of the account that it names
    is_for_account: str = ""  # of a comment: the account whose post it stands below
    commenting: str = "all"

    @property
    def is_comment(self) -> bool:
        return self.status_id is not None

    def as_json(self) -> dict[str, Any]:
        author = {
            "id": int(self.author_uid),
            "idstr": self.author_uid,
            "screen_name": self.author_name,
        }
        return {
            "created_at": written_time(self.at),
            "id": self.id,
            "idstr": str(self.id),
            "mid": str(self.id),
            "text": self.text,
            "source": "微博网页版",
            "user": author,
        }


class PublicSquare:
    def __init__(self, *, first_id: int = 4_999_000_000_000_000) -> None:
        self._posts: OrderedDict[int, Post] = OrderedDict()
        self._last_id = first_id
        self._said: dict[str, deque[str]] = {}

    def write(self, **facts: Any) -> Post:
        self._last_id += 1
        post = Post(id=self._last_id, **facts)
        self._posts[post.id] = post
        while len(self._posts) > MAX_POSTS:
            self._posts.popitem(last=False)
        return post

    def status(self, post_id: str) -> Post:
        post = self._posts.get(int(post_id)) if post_id.isdecimal() else None
        if post is None or post.is_comment:
            raise WeiboRefusal(20101)
        return post

    def comment(self, post_id: str) -> Post:
        post = self._posts.get(int(post_id)) if post_id.isdecimal() else None
        if post is None or not post.is_comment:
            raise WeiboRefusal(20201)
        return post

    def naming(self, account_key: str, *, comments: bool) -> list[Post]:
        """Return what names the account, newest first."""
        return [
            post
            for post in reversed(self._posts.values())
            if post.names_account == account_key and post.is_comment is comments
        ]

    def below_posts_of(self, account_key: str) -> list[Post]:
        return [p for p in reversed(self._posts.values()) if p.is_for_account == account_key]

    def all(self) -> list[Post]:
        return list(self._posts.values())

    def require_new_words(self, account_key: str, text: str) -> None:
        """Refuse a comment that the account has made before, in these or nearly these words."""
        if not text.strip():
            raise WeiboRefusal(20008)
        if len(text) > MAX_CHARACTERS:
            raise WeiboRefusal(20012)
        said = self._said.setdefault(account_key, deque(maxlen=REMEMBERED_WORDS))
        if text.strip() in said:
            raise WeiboRefusal(20019)
        if _words_in(text) in {_words_in(earlier) for earlier in said}:
            raise WeiboRefusal(20017)

    def note_words(self, account_key: str, text: str) -> None:
        self._said.setdefault(account_key, deque(maxlen=REMEMBERED_WORDS)).append(text.strip())


def _words_in(text: str) -> str:
    return _BESIDE_THE_WORDS.sub("", text)
