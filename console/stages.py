"""The four steps a citizen sees, as far as the state of a case has come."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.cases.states import CLOCK_RUNS, STAGE_REACHED, Stage


@dataclass(frozen=True)
class StageLine:
    """`is_current`: reached, and the next one is still to come."""

    stage: Stage
    is_reached: bool
    is_current: bool
    at: datetime | None


def stages(case: Any) -> list[StageLine]:
    order = list(Stage)
    reached = order.index(STAGE_REACHED[case.state])
    reached_at = {
        Stage.RECEIVED: case.submitted_at,
        Stage.ACCEPTED: case.accepted_at,
        Stage.ASSIGNED: case.signed_for_at,
        Stage.ANSWERED: case.replied_at,
    }
    return [
        StageLine(
            stage,
            is_reached=position <= reached,
            is_current=position == reached and case.state in CLOCK_RUNS,
            at=reached_at[stage] if position <= reached else None,
        )
        for position, stage in enumerate(order)
    ]
