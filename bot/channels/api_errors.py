"""A platform's API says no: what all platforms' refusals have in common."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Self

from bot.channels.base import DeliveryFailed, NotTaken, Remedy


class Known(NamedTuple):
    """What one of a platform's error codes means, and what delivery does about it."""

    meaning: str
    remedy: Remedy


# Nobody has thought about such a code yet, so somebody must look at it.
UNKNOWN_CODE = Known("未知错误码", Remedy.ALARM)


class ApiError(NotTaken):
    """A call of the API came to nothing."""

    code = "api_error"

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
    at_most: int | None = None,
) -> int:
    """Send what is left of a message, or raise DeliveryFailed that says where to go on.

    Returns how many platform messages it took: a part that the platform finds too
    long goes out in halves. No more than `at_most` are tried: the platform would refuse
    them.
    """
    sent = 0
    for position, part in enumerate(parts[parts_delivered:], start=parts_delivered):
        if at_most is not None and sent >= at_most:
            raise DeliveryFailed(
                "the citizen's quota is used up",
                remedy=Remedy.QUOTA_USED,
                parts_delivered=position,
                messages_taken=sent,
            )
        if sent:
            pause()
        try:
            sent += _send_whole_or_halved(part, send, halves_of)
        except ApiError as error:
            raise DeliveryFailed.behind(
                error, parts_delivered=position, messages_taken=sent
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
