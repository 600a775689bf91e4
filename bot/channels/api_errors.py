"""A platform's API says no: what all platforms' refusals have in common."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Self

from bot.channels.base import ChannelError, DeliveryFailed, Remedy


class Known(NamedTuple):
    """What one of a platform's error codes means, and what delivery does about it."""

    meaning: str
    remedy: Remedy


# Nobody has thought about such a code yet, so somebody must look at it.
UNKNOWN_CODE = Known("未知错误码", Remedy.ALARM)


class ApiError(ChannelError):
    """A call of the API came to nothing; holds no token and no secret, so it may be logged.

    `request_id` is what the platform's support asks for. When `is_outcome_unknown`,
    the call may have taken effect: it was sent, and no proper answer came.
    """

    code = "api_error"

    def __init__(
        self,
        reason: str,
        *,
        remedy: Remedy,
        platform_code: int | None = None,
        request_id: str = "",
        is_outcome_unknown: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy
        self.platform_code = platform_code
        self.request_id = request_id
        self.is_outcome_unknown = is_outcome_unknown

    @classmethod
    def no_answer(cls, reason: str, *, was_sent: bool) -> Self:
        """Build the error for a call that got no answer, or none that the API would give."""
        return cls(reason, remedy=Remedy.RETRY_LATER, is_outcome_unknown=was_sent)


def send_parts(
    parts: Sequence[str],
    send: Callable[[str], None],
    *,
    halves_of: Callable[[str], Sequence[str]],
    parts_delivered: int,
    pause: Callable[[], object],
) -> int:
    """Send what is left of a message, or raise DeliveryFailed that says where to go on.

    Returns how many platform messages it took: a part that the platform finds too
    long goes out in halves.
    """
    sent = 0
    for position, part in enumerate(parts[parts_delivered:], start=parts_delivered):
        if sent:
            pause()
        try:
            sent += _send_whole_or_halved(part, send, halves_of)
        except ApiError as error:
            raise DeliveryFailed(
                error.reason,
                remedy=error.remedy,
                platform_code=error.platform_code,
                request_id=error.request_id,
                parts_delivered=position,
                is_outcome_unknown=error.is_outcome_unknown,
            ) from error
    return sent


def _send_whole_or_halved(
    part: str, send: Callable[[str], None], halves_of: Callable[[str], Sequence[str]]
) -> int:
    try:
        send(part)
    except ApiError as error:
        if error.remedy is not Remedy.SPLIT:
            raise
    else:
        return 1
    halves = halves_of(part)
    for half in halves:
        send(half)
    return len(halves)
