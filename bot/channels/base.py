"""What the gateway and the delivery job need from a channel, and how a channel says no."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Protocol, runtime_checkable

from core.conversations.states import DeliveryWay
from core.messaging import (
    CaseNotice,
    ChannelAddress,
    ChannelName,
    InboundMessage,
    OutboundMessage,
    PlatformReport,
)


class ChannelError(Exception):
    """The platform or its caller, not our rules, stood in the way; `code` is stable."""

    code: ClassVar[str] = "channel_error"


class PushRefused(ChannelError):
    """A webhook call that gets no further. The message is for logs, never for the caller."""

    code = "push_refused"


class InvalidSignature(PushRefused):
    """The call did not come from the platform."""

    code = "invalid_signature"


class StalePush(PushRefused):
    """The call is signed, but for another time: a replay, or a wrong clock."""

    code = "stale_push"


class BodyTooLarge(PushRefused):
    code = "body_too_large"


class BodyCutOff(PushRefused):
    """The body trickles, or ends before its end."""

    code = "body_cut_off"


class PlaintextRefused(PushRefused):
    """The account is in safe mode and the body is not encrypted."""

    code = "plaintext_refused"


class UndecryptablePush(PushRefused):
    """The platform signed it, but no key of ours opens it: the settings disagree."""

    code = "undecryptable_push"


class WrongAccount(PushRefused):
    """The push is meant for another official account."""

    code = "wrong_account"


class UnreadablePush(PushRefused):
    """Signed and fresh, yet not in a form we know. Repeating it would not help."""

    code = "unreadable_push"


class Remedy(StrEnum):
    """What to do about a message that the platform did not take."""

    RETRY_LATER = "retry_later"
    RETRY_BRIEFLY = "retry_briefly"  # two or three times, says the platform
    RETRY_TOMORROW = "retry_tomorrow"
    REFRESH_TOKEN = "refresh_token"  # noqa: S105 - a word, not a secret
    UNREACHABLE = "unreachable"
    WINDOW_CLOSED = "window_closed"
    QUOTA_USED = "quota_used"
    SPLIT = "split"
    REPHRASE = "rephrase"
    UPLOAD_AGAIN = "upload_again"
    PASSIVE_ONLY = "passive_only"
    NO_MENUS = "no_menus"  # the account takes no messages with a menu
    NO_CONSENT = "no_consent"  # the citizen does not want such notices
    ALARM = "alarm"
    BUG = "bug"


RETRYABLE = frozenset({
    Remedy.NO_MENUS, Remedy.REFRESH_TOKEN, Remedy.RETRY_BRIEFLY, Remedy.RETRY_LATER,
    Remedy.RETRY_TOMORROW,
})  # fmt: skip


class NotTaken(ChannelError):
    """The platform did not take something, or did not say that it did.

    Holds no token and no secret, so it may be logged. `request_id` is what the
    platform's support asks for; `parts_delivered` is how many parts of a message in
    parts had been taken before, `messages_taken` how many messages that took now. When
    `is_outcome_unknown`, it may have taken effect all the same: it was sent, and no
    proper answer came.
    """

    code = "not_taken"

    def __init__(
        self,
        reason: str,
        *,
        remedy: Remedy,
        platform_code: int | None = None,
        request_id: str = "",
        parts_delivered: int = 0,
        is_outcome_unknown: bool = False,
        messages_taken: int = 0,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy
        self.platform_code = platform_code
        self.request_id = request_id
        self.parts_delivered = parts_delivered
        self.is_outcome_unknown = is_outcome_unknown
        self.messages_taken = messages_taken


class DeliveryFailed(NotTaken):
    """A message did not go out, or not as a whole.

    `parts_delivered` counts the parts of the message that the citizen has; hand it
    back to `deliver` to continue there. When `is_outcome_unknown`, the part after
    those may have arrived as well: no answer came.
    """

    code = "delivery_failed"

    @classmethod
    def behind(
        cls, cause: NotTaken, *, parts_delivered: int, messages_taken: int = 0
    ) -> "DeliveryFailed":
        """Build the failure of a message whose next part was not taken."""
        return cls(
            cause.reason,
            remedy=cause.remedy,
            platform_code=cause.platform_code,
            request_id=cause.request_id,
            parts_delivered=parts_delivered,
            is_outcome_unknown=cause.is_outcome_unknown,
            messages_taken=messages_taken,
        )

    @property
    def retryable(self) -> bool:
        """Whether the same message may go out later without anybody's doing."""
        return self.remedy in RETRYABLE


@dataclass(frozen=True)
class PassiveAnswer:
    """The HTTP answer to a push, and how much of what was to be said it carries.

    The first `carried` messages are in it as a whole. Of the message after those it
    holds `parts_of_next` parts (counted from its beginning, earlier ones included):
    pass that number on as `parts_delivered`.
    """

    body: bytes
    content_type: str
    carried: int = 0
    parts_of_next: int = 0


@dataclass(frozen=True)
class NoticeOffer:
    """A way in which an account may send a notice: by which template, and on whose consent."""

    way: DeliveryWay
    template_id: str
    fields: Mapping[str, str]
    needs_consent: bool = True
    is_long_term: bool = False


@runtime_checkable
class SendsNotices(Protocol):
    """An account that can tell of a case when it may send no message any more."""

    def notice_offers(self, kind: str) -> Sequence[NoticeOffer]:
        """Return the ways open to the account for this kind of notice, the best first."""

    def notify(
        self, address: ChannelAddress, notice: CaseNotice, offer: NoticeOffer, *, scene: str = ""
    ) -> str:
        """Send the notice and return the platform's name for it, or raise DeliveryFailed."""


class Push(Protocol):
    """One verified call of the platform, and how to answer it within its connection."""

    @property
    def message(self) -> InboundMessage | None:
        """What the citizen said or did; None when there is nothing to answer."""

    @property
    def report(self) -> PlatformReport | None:
        """What the platform reports, where nobody is to answer."""

    @property
    def ignored(self) -> str:
        """Why `message` is None, for logs; else empty."""

    def acknowledge(self) -> PassiveAnswer:
        """Tell the platform that the push has arrived, saying nothing to the citizen."""

    def render_passive(
        self,
        messages: Sequence[OutboundMessage],
        *,
        parts_delivered: int = 0,
        closing: OutboundMessage | None = None,
    ) -> PassiveAnswer:
        """Merge as many messages as one answer holds, in order.

        Of the first message, `parts_delivered` parts have gone out before. Room is kept
        for `closing`, which stands under them; parts are cut to that room.
        """


class Channel(Protocol):
    """One account on one platform."""

    name: ClassVar[ChannelName]

    @property
    def account_name(self) -> str:
        """The account's short name in the settings."""

    @property
    def max_body_bytes(self) -> int:
        """Larger calls may be cut off while they are still being read."""

    def verify_endpoint(self, query: Mapping[str, str]) -> str:
        """Return the text that proves to the platform that this webhook is ours."""

    def read_push(self, query: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> Push:
        """Verify, decrypt and parse a call, or raise PushRefused; touches no network."""

    def acknowledge(self) -> PassiveAnswer:
        """Answer a push that could not be read, so that the platform does not repeat it."""

    def deliver(
        self,
        address: ChannelAddress,
        message: OutboundMessage,
        *,
        parts_delivered: int = 0,
        at_most: int | None = None,
    ) -> int:
        """Send what is left of the message through the API, or raise DeliveryFailed.

        Returns how many platform messages it took, for the citizen's quota; `at_most`
        is what that has left.
        """

    def how_many_fit(self, messages: Sequence[OutboundMessage]) -> int:
        """Return how many of these, from the first, one platform message holds together."""

    def show_typing(self, address: ChannelAddress) -> None:
        """Show the citizen that an answer is being written, if the platform lets us."""
