"""How bad it gets: which platform, how many messages, what goes wrong and how often."""

from dataclasses import dataclass
from typing import Any

# Longer than the desk waits for an answer of the API: the call takes effect when nobody listens.
SLOW_SECONDS = 6.5


@dataclass(frozen=True, kw_only=True)
class Platform:
    """`control` is the simulator's own API for it; `one_in` how many turns are slow."""

    name: str
    title: str
    control: str
    one_in: int
    filler_characters: int
    counts_what_is_sent: bool  # and so has a ledger to compare ours with
    token_can_be_renewed: bool  # without people


WECHAT = Platform(
    name="wechat",
    title="微信",
    control="/control",
    one_in=3,
    filler_characters=500,
    counts_what_is_sent=True,
    token_can_be_renewed=True,
)
# A token of Weibo has a hundred calls a day: few answers may be late or long.
WEIBO = Platform(
    name="weibo",
    title="微博",
    control="/control/weibo",
    one_in=8,
    filler_characters=90,
    counts_what_is_sent=False,
    token_can_be_renewed=False,
)
PLATFORMS = {platform.name: platform for platform in (WECHAT, WEIBO)}


@dataclass(frozen=True, kw_only=True)
class Storm:
    """What the citizens of one platform write in `seconds`."""

    platform: Platform
    messages: int
    citizens: int
    seconds: float

    @property
    def lines(self) -> list[str]:
        each = -(-self.messages // self.citizens)
        return [f"{self.platform.title}第{number + 1}问" for number in range(each)]

    @property
    def gap_seconds(self) -> float:
        return self.seconds / len(self.lines)

    def faults(self) -> list[dict[str, Any]]:
        return [
            {"name": "server_error", "probability": 0.2},
            {"name": "slow", "probability": 0.05, "seconds": SLOW_SECONDS},
            {"name": "lost_answer", "probability": 0.02},
            {"name": "duplicate_push", "probability": 0.2},
            # Later than the citizen's next message sets out.
            {"name": "late_push", "probability": 0.1, "seconds": self.gap_seconds * 1.3},
            {"name": "clashing_ids", "probability": 0.1},
        ]
