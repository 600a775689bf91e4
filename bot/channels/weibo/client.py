"""The Weibo API: one account's private messages, comments, menu, and what citizens sent."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.channels.http import ANSWER_TIMEOUT_SECONDS
from bot.channels.watching import UNWATCHED, ApiWatch
from bot.channels.weibo.calls import RETRY, Answer, Request, RetryPolicy, WeiboCalls
from bot.channels.weibo.public import PAGE_SIZE, PublicList, is_list

OFFICIAL_API_URL = "https://m.api.weibo.com"
OFFICIAL_OPEN_API_URL = "https://api.weibo.com"
OFFICIAL_UPLOAD_URL = "https://upload.api.weibo.com"

MEDIA_LIMIT_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True)
class FetchedMedia:
    """A picture or voice as the platform gave it; the type is the platform's word, unchecked."""

    content: bytes
    content_type: str


class WeiboApi:
    """What the desk asks of Weibo for one account. Safe to share between threads."""

    def __init__(
        self,
        access_token: str,
        *,
        api_url: str = OFFICIAL_API_URL,
        open_api_url: str = OFFICIAL_OPEN_API_URL,
        upload_url: str = OFFICIAL_UPLOAD_URL,
        timeout_seconds: float = ANSWER_TIMEOUT_SECONDS,
        retry: RetryPolicy = RETRY,
        pause: Callable[[float], object] = time.sleep,
        watch: ApiWatch = UNWATCHED,
    ) -> None:
        self._api_url = api_url.rstrip("/")
        self._open_api_url = open_api_url.rstrip("/")
        self._upload_url = upload_url.rstrip("/")
        self._calls = WeiboCalls(
            access_token, timeout_seconds=timeout_seconds, retry=retry, pause=pause, watch=watch
        )

    def send_text(self, receiver_id: str, text: str) -> None:
        """Send a private message, or raise WeiboApiError."""
        form = {
            "receiver_id": receiver_id,
            "type": "text",
            # Sending the form encodes it, once, as the platform wants it.
            "data": _as_json({"text": text}),
            "save_sender_box": "1",
        }
        self._post(f"{self._api_url}/2/messages/reply.json", form, accepts=_says_so)

    def comment(self, status_id: str, text: str, *, real_ip: str) -> None:
        """Write a public comment below a post, or raise WeiboApiError."""
        form = {"id": status_id, "comment": text, "rip": real_ip}
        self._post(f"{self._open_api_url}/2/comments/create.json", form, accepts=_has_id)

    def reply_to_comment(self, comment_id: str, status_id: str, text: str, *, real_ip: str) -> None:
        """Answer a comment below the post it stands below, or raise WeiboApiError."""
        form = {"cid": comment_id, "id": status_id, "comment": text, "rip": real_ip}
        self._post(f"{self._open_api_url}/2/comments/reply.json", form, accepts=_has_id)

    def read_list(self, which: PublicList, *, since_id: int = 0, page: int = 1) -> Answer:
        """Return a page of what was said in public after a post, or raise WeiboApiError.

        The caller has counted the call: the platform allows few of them a day.
        """
        query = {"since_id": str(since_id), "count": str(PAGE_SIZE), "page": str(page)}
        return self._calls.ask(
            Request(
                method="GET",
                url=f"{self._open_api_url}/2/{which}.json",
                query=query,
                accepts=partial(is_list, which),
                is_in_ledger=True,
            )
        )

    def create_menu(self, menu: Mapping[str, Any]) -> None:
        """Replace the menu below the chat by `{"button": [...]}`, or raise WeiboApiError.

        The caller has counted the call, as for all calls about the menu.
        """
        form = {"menus": _as_json(menu)}
        self._post(
            f"{self._api_url}/2/messages/menu/create.json",
            form,
            accepts=_says_so,
            is_in_ledger=True,
        )

    def show_menu(self) -> Answer:
        """Return the menu in force as the platform tells it, or raise WeiboApiError."""
        url = f"{self._api_url}/2/messages/menu/show.json"
        return self._calls.ask(Request(method="GET", url=url, accepts=bool, is_in_ledger=True))

    def delete_menu(self) -> None:
        """Take the menu away, or raise WeiboApiError."""
        self._post(
            f"{self._api_url}/2/messages/menu/delete.json", {}, accepts=_says_so, is_in_ledger=True
        )

    def fetch_media(self, tovfid: str, *, limit_bytes: int = MEDIA_LIMIT_BYTES) -> FetchedMedia:
        """Return a picture or voice that a citizen sent, or raise WeiboApiError."""
        url = f"{self._upload_url}/2/mss/msget"
        received = self._calls.download(url, {"fid": tovfid}, limit_bytes=limit_bytes)
        return FetchedMedia(received.content, received.content_type)

    def close(self) -> None:
        self._calls.close()

    def _post(
        self,
        url: str,
        form: Mapping[str, str],
        *,
        accepts: Callable[[Answer], bool],
        is_in_ledger: bool = False,
    ) -> None:
        request = Request(
            method="POST", url=url, form=form, accepts=accepts, is_in_ledger=is_in_ledger
        )
        self._calls.ask(request)


def _as_json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _says_so(answer: Answer) -> bool:
    return answer.get("result") in (True, "true")


def _has_id(answer: Answer) -> bool:
    return bool(answer.get("id"))
