"""What became of a push: the platform's judgement of what the account's server answered."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    PENDING = "pending"
    REPLY = "reply"
    SILENT = "silent"
    MALFUNCTION = "malfunction"


@dataclass(frozen=True)
class PassiveReply:
    kind: str
    text: str
    details: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "text": self.text, "details": self.details}


@dataclass(frozen=True)
class Verdict:
    """`reason` is a stable word for why the answer counts as a malfunction."""

    outcome: Outcome
    reply: PassiveReply | None = None
    reason: str = ""


PENDING = Verdict(Outcome.PENDING)


class Malformed(Exception):
    """The answer cannot be used; the message is the stable word for why."""


def malfunction(reason: str) -> Verdict:
    return Verdict(Outcome.MALFUNCTION, reason=reason)
