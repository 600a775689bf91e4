"""A WeChat official account as a channel: pushes in, passive replies and API messages out."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar, Protocol

from bot.channels import bodies, signatures
from bot.channels.api_errors import send_parts
from bot.channels.base import (
    BodyTooLarge,
    DeliveryFailed,
    NoticeOffer,
    PassiveAnswer,
    PlaintextRefused,
    Remedy,
    UnreadablePush,
    WrongAccount,
)
from bot.channels.wechat import envelopes, notices
from bot.channels.wechat.api_errors import WeChatApiError
from bot.channels.wechat.encryption import MessageCipher, decrypt_with_any
from bot.channels.wechat.parsing import read_fields
from bot.channels.wechat.push import ACKNOWLEDGEMENT, Seal, WeChatPush
from config.accounts import PushMode, Right, WeChatAccount
from core.clock import Clock, utc_now
from core.messaging import CaseNotice, ChannelAddress, ChannelName, OutboundMessage
from core.texts import wechat as rendering

logger = logging.getLogger(__name__)

# In compatible mode a body holds the message both plain and encrypted.
COMPATIBLE_BODY_FACTOR = 3

# The platform does not keep the order of messages that follow each other closely.
BETWEEN_PARTS_SECONDS = 0.5


class SendsToCitizens(Protocol):
    """The part of the WeChat API that a channel needs."""

    def send_text(self, openid: str, text: str) -> None:
        """Send a customer-service message, or raise WeChatApiError."""

    def send_menu(self, openid: str, head: str, entries: Sequence[str]) -> None:
        """Send a message with a menu, or raise WeChatApiError."""

    def show_typing(self, openid: str) -> None:
        """Show the typing state, or raise WeChatApiError."""

    def call(self, ask: Callable[[Any], Any]) -> dict[str, Any]:
        """Ask wechatpy's client for something, or raise WeChatApiError."""


class WeChatChannel:
    name: ClassVar[ChannelName] = ChannelName.WECHAT

    def __init__(
        self,
        account_name: str,
        account: WeChatAccount,
        api: SendsToCitizens,
        *,
        freshness: timedelta = timedelta(seconds=300),
        body_limit_bytes: int = 64 * 1024,
        text_limit_bytes: int = 2048,
        clock: Clock = utc_now,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._account_name = account_name
        self._account = account
        self._api = api
        self._freshness = freshness
        self._body_limit_bytes = body_limit_bytes
        self._text_limit_bytes = text_limit_bytes
        self._clock = clock
        self._pause = pause
        self._takes_no_menus = Right.CUSTOMER_SERVICE not in account.rights
        keys = (account.encoding_aes_key, account.previous_encoding_aes_key)
        self._ciphers = [
            MessageCipher(key.get_secret_value(), account.app_id)
            for key in keys
            if key.get_secret_value()
        ]
        if account.mode is not PushMode.PLAIN and not account.encoding_aes_key.get_secret_value():
            raise ValueError(f"{account.mode} mode needs an encoding_aes_key")

    @property
    def account_name(self) -> str:
        return self._account_name

    @property
    def max_body_bytes(self) -> int:
        is_compatible = self._account.mode is PushMode.COMPATIBLE
        return self._body_limit_bytes * (COMPATIBLE_BODY_FACTOR if is_compatible else 1)

    def verify_endpoint(self, query: Mapping[str, str]) -> str:
        signatures.verify(self._token, query)
        self._require_fresh(query)
        return signatures.echo_in(query)

    def read_push(
        self, query: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> WeChatPush:
        if len(body) > self.max_body_bytes:
            raise BodyTooLarge(f"{len(body)} bytes")
        encrypted = self._verify_push(query, body)
        self._require_fresh(query)
        seal = None
        plain = body
        if encrypted is not None:
            text, cipher = decrypt_with_any(self._ciphers, encrypted)
            plain = text.encode()
            seal = Seal(cipher, self._token, query.get("nonce", ""))
        elif self._account.mode is PushMode.SAFE:
            raise PlaintextRefused("the account is in safe mode")
        parsed = read_fields(bodies.parse(plain), self._account_name)
        if parsed.account_id != self._account.original_id:
            raise WrongAccount("addressed to another account")
        return WeChatPush(
            parsed=parsed,
            push_format=bodies.format_of(body),
            seal=seal,
            text_limit_bytes=self._text_limit_bytes,
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
        openid, menu = address.platform_id, None
        if not parts_delivered and not self._takes_no_menus:
            menu = rendering.menu_of(message, self._text_limit_bytes)
        parts = menu.parts if menu else rendering.parts_of(message, self._text_limit_bytes)

        def send(part: str) -> None:
            if menu is not None and part is parts[-1]:
                self._send_menu(openid, part, menu.entries)
            else:
                self._api.send_text(openid, part)

        return send_parts(
            parts,
            send,
            halves_of=rendering.halves_of,
            parts_delivered=parts_delivered,
            pause=lambda: self._pause(BETWEEN_PARTS_SECONDS),
            at_most=at_most,
        )

    def _send_menu(self, openid: str, head: str, entries: Sequence[str]) -> None:
        try:
            self._api.send_menu(openid, head, entries)
        except WeChatApiError as error:
            if error.remedy is Remedy.NO_MENUS:
                self._takes_no_menus = True  # the next attempt offers links
            raise

    def how_many_fit(self, messages: Sequence[OutboundMessage]) -> int:
        return rendering.merge(messages, self._text_limit_bytes).carried

    def notice_offers(self, kind: str) -> Sequence[NoticeOffer]:
        return notices.offers(self._account, kind)

    def notify(
        self, address: ChannelAddress, notice: CaseNotice, offer: NoticeOffer, *, scene: str = ""
    ) -> str:
        try:
            return notices.send(self._api, address.platform_id, notice, offer, scene=scene)
        except WeChatApiError as error:
            raise DeliveryFailed.behind(error, parts_delivered=0) from error

    def show_typing(self, address: ChannelAddress) -> None:
        if Right.CUSTOMER_SERVICE not in self._account.rights:
            return
        try:
            self._api.show_typing(address.platform_id)
        except WeChatApiError as error:
            # A courtesy only; the answer itself will tell if something is wrong.
            logger.info(
                "typing state not shown",
                extra={"account": self._account_name, "platform_code": error.platform_code},
            )

    def _verify_push(self, query: Mapping[str, str], body: bytes) -> str | None:
        """Check the signature that belongs to the body; return its encrypted part, if any.

        For an encrypted body only msg_signature counts: the other one, which may be
        right as well, says nothing about the body.
        """
        claimed = query.get("encrypt_type") or "raw"
        is_encrypted = claimed != "raw" or "msg_signature" in query
        encrypted = envelopes.find_encrypted(body) if is_encrypted else None
        if encrypted is None:
            signatures.verify(self._token, query)
        else:
            signatures.verify(self._token, query, encrypted, parameter="msg_signature")
        if is_encrypted and encrypted is None and self._account.mode is not PushMode.SAFE:
            raise UnreadablePush("said to be encrypted, and is not")
        return encrypted

    def _require_fresh(self, query: Mapping[str, str]) -> None:
        signed_at = signatures.signed_at(query)
        signatures.require_fresh(signed_at, self._clock(), self._freshness)

    @property
    def _token(self) -> str:
        return self._account.token.get_secret_value()
