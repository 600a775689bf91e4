"""What the pushes of all platforms have in common once they are understood."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from bot.channels.base import PassiveAnswer
from bot.channels.bodies import CONTENT_TYPES, TextAnswer
from config.accounts import PushFormat
from core.clock import Clock
from core.messaging import InboundMessage, PlatformReport
from core.texts.splitting import Merged


@dataclass(frozen=True)
class Parsed:
    """The addressee, the sender, and the message; or why there is none."""

    account_id: str
    citizen_id: str
    message: InboundMessage | None
    ignored: str = ""
    report: PlatformReport | None = None


@dataclass(frozen=True, kw_only=True)
class ParsedPush:
    parsed: Parsed
    push_format: PushFormat
    clock: Clock

    acknowledgement: ClassVar[PassiveAnswer]

    @property
    def message(self) -> InboundMessage | None:
        return self.parsed.message

    @property
    def report(self) -> PlatformReport | None:
        return self.parsed.report

    @property
    def ignored(self) -> str:
        return self.parsed.ignored

    def acknowledge(self) -> PassiveAnswer:
        return self.acknowledgement

    def answer_with(self, merged: Merged, render: Callable[[TextAnswer], str]) -> PassiveAnswer:
        """Put the text into the platform's form; without one the push is acknowledged."""
        if not merged.text:
            empty = self.acknowledgement
            return PassiveAnswer(empty.body, empty.content_type, merged.carried)
        answer = TextAnswer(
            from_id=self.parsed.account_id,
            to_id=self.parsed.citizen_id,
            sent_at_seconds=int(self.clock().timestamp()),
            text=merged.text,
        )
        return PassiveAnswer(
            render(answer).encode(),
            CONTENT_TYPES[self.push_format],
            merged.carried,
            merged.parts_of_next,
        )
