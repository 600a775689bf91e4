"""A Weibo account with 粉丝服务 as a channel: pushes in, passive replies and API messages out."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import ClassVar, Protocol

from bot.channels import bodies, signatures
from bot.channels.api_errors import send_parts
from bot.channels.base import BodyTooLarge, PassiveAnswer, WrongAccount
from bot.channels.replays import SignaturesSeen
from bot.channels.weibo.calls import Answer
from bot.channels.weibo.parsing import read_fields
from bot.channels.weibo.public import PublicList, PublicPage, read_page
from bot.channels.weibo.push import ACKNOWLEDGEMENT, WeiboPush, post_to_answer, private_part
from config.accounts import MentionAnswer, PushFormat, TokenWarning, WeiboAccount
from core.clock import Clock, office_date, utc_now
from core.messaging import ChannelAddress, ChannelName, OutboundMessage, PublicPost
from core.texts import weibo as rendering

logger = logging.getLogger(__name__)

# Weibo's timestamps are in milliseconds.
TICKS_PER_SECOND = 1000

# Nothing is promised about the order of messages that follow each other closely.
BETWEEN_PARTS_SECONDS = 0.5

NAMING_LISTS = (PublicList.STATUSES_NAMING, PublicList.COMMENTS_NAMING)


class SpeaksOnWeibo(Protocol):
    """The part of the Weibo API that a channel needs."""

    def send_text(self, receiver_id: str, text: str) -> None:
        """Send a private message, or raise WeiboApiError."""

    def comment(self, status_id: str, text: str, *, real_ip: str) -> None:
        """Write a public comment below a post, or raise WeiboApiError."""

    def reply_to_comment(self, comment_id: str, status_id: str, text: str, *, real_ip: str) -> None:
        """Answer a comment where it stands, or raise WeiboApiError."""

    def read_list(self, which: PublicList, *, since_id: int = 0, page: int = 1) -> Answer:
        """Return a page of a list of public words, or raise WeiboApiError."""


class WeiboChannel:
    name: ClassVar[ChannelName] = ChannelName.WEIBO

    def __init__(
        self,
        account_name: str,
        account: WeiboAccount,
        api: SpeaksOnWeibo,
        *,
        freshness: timedelta = timedelta(seconds=300),
        body_limit_bytes: int = 64 * 1024,
        text_limit_characters: int = 299,
        clock: Clock = utc_now,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        self._account_name = account_name
        self._account = account
        self._api = api
        self._freshness = freshness
        self._body_limit_bytes = body_limit_bytes
        self._text_limit_characters = text_limit_characters
        self._clock = clock
        self._pause = pause
        # A signature is fresh this long before and after its time.
        self._signatures_seen = SignaturesSeen(freshness * 2)
        self._warned_of: PushFormat | None = None

    @property
    def account_name(self) -> str:
        return self._account_name

    @property
    def max_body_bytes(self) -> int:
        return self._body_limit_bytes

    @property
    def token_warning(self) -> TokenWarning | None:
        return self._account.token_warning(office_date(self._clock()))

    def verify_endpoint(self, query: Mapping[str, str]) -> str:
        self._verify(query)
        return signatures.echo_in(query)

    def read_push(
        self, query: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> WeiboPush:
        if len(body) > self._body_limit_bytes:
            raise BodyTooLarge(f"{len(body)} bytes")
        self._verify(query)
        push_format = bodies.format_of(body)
        parsed = read_fields(bodies.parse(body), push_format, self._account_name)
        if parsed.account_id != self._account.uid:
            raise WrongAccount("addressed to another account")
        self._compare_format(push_format)
        if parsed.message is not None:
            self._signatures_seen.require_same(
                query.get("signature", ""), parsed.message.dedupe_key, self._clock()
            )
        return WeiboPush(
            parsed=parsed,
            push_format=push_format,
            mention_answer=self._account.mention_answer,
            text_limit_characters=self._text_limit_characters,
            clock=self._clock,
        )

    def acknowledge(self) -> PassiveAnswer:
        return ACKNOWLEDGEMENT

    def deliver(
        self,
        address: ChannelAddress,
        message: OutboundMessage,
        *,
        parts_delivered: int = 0,
        at_most: int | None = None,
    ) -> int:
        post = post_to_answer(message, self._account.mention_answer)
        if post is not None:
            # A mention may be answered once: whatever its length, this is one comment.
            parts = [text for text in [rendering.render(message)] if text]
            send, halves_of = partial(self._comment, post), _uncut
        else:
            parts = rendering.parts_of(message, self._text_limit_characters)
            send, halves_of = partial(self._api.send_text, address.platform_id), rendering.halves_of
        return send_parts(
            parts,
            send,
            halves_of=halves_of,
            parts_delivered=parts_delivered,
            pause=lambda: self._pause(BETWEEN_PARTS_SECONDS),
            at_most=at_most,
        )

    def how_many_fit(self, messages: Sequence[OutboundMessage]) -> int:
        private = private_part(messages, self._account.mention_answer)
        return rendering.merge(private, self._text_limit_characters).carried

    def show_typing(self, address: ChannelAddress) -> None:
        """Do nothing: Weibo shows no such state."""

    @property
    def lists_to_read(self) -> Sequence[PublicList]:
        """Name the lists of public words that no push tells of.

        Who only comments below the account's posts grants it no message: those comments are
        read where the account may answer in public.
        """
        if not self._account.access_token.get_secret_value():
            return ()
        lists = [] if self._account.mention_push else [*NAMING_LISTS]
        if self._account.mention_answer is MentionAnswer.COMMENT:
            lists.append(PublicList.COMMENTS_BELOW)
        return lists

    def read_public(self, which: PublicList, *, since_id: int, page: int) -> PublicPage:
        """Read a page of what was said in public after a post, or raise WeiboApiError."""
        answer = self._api.read_list(which, since_id=since_id, page=page)
        return read_page(which, answer, account_name=self._account_name, own_uid=self._account.uid)

    def _comment(self, post: PublicPost, text: str) -> None:
        real_ip = str(self._account.real_ip)
        if post.below_id:
            self._api.reply_to_comment(post.id, post.below_id, text, real_ip=real_ip)
        else:
            self._api.comment(post.id, text, real_ip=real_ip)

    def _verify(self, query: Mapping[str, str]) -> None:
        signatures.verify(self._account.app_secret.get_secret_value(), query)
        signed_at = signatures.signed_at(query, ticks_per_second=TICKS_PER_SECOND)
        signatures.require_fresh(signed_at, self._clock(), self._freshness)

    def _compare_format(self, push_format: PushFormat) -> None:
        """Say once that the platform and the settings disagree; both forms are understood."""
        if push_format is not self._account.push_format and push_format is not self._warned_of:
            self._warned_of = push_format
            logger.warning(
                "push format differs from the setting",
                extra={"account": self._account_name, "push_format": push_format},
            )


def _uncut(text: str) -> list[str]:
    return [text]
