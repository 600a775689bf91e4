"""The last two weeks of an account, as bars to be drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from core.channels.states import Tally

SHOWN_DAYS = timedelta(days=13)
TALLEST = 60


@dataclass(frozen=True)
class DayBar:
    """What one day counted, and how tall its bars stand; a day with anything is seen."""

    day: date
    counts: dict[Tally, int]
    heights: dict[Tally, int]

    @property
    def went_wrong(self) -> int:
        return self.counts[Tally.REFUSED_PUSHES] + self.counts[Tally.ERRORS]


def bars(tallies: Sequence[Any], *, today: date) -> list[DayBar]:
    sums: dict[tuple[date, Tally], int] = {}
    for tally in tallies:
        key = (tally.day, tally.tally)
        sums[key] = sums.get(key, 0) + tally.count
    most = max(sums.values(), default=0)
    days = [today - SHOWN_DAYS + timedelta(days=number) for number in range(SHOWN_DAYS.days + 1)]
    return [
        DayBar(
            day,
            {tally: sums.get((day, tally), 0) for tally in Tally},
            {tally: _height(sums.get((day, tally), 0), most) for tally in Tally},
        )
        for day in days
    ]


def _height(count: int, most: int) -> int:
    return max(2, round(TALLEST * count / most)) if count else 0
