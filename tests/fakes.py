"""Stand-ins for what lies outside: simple, honest, and shared by all tests."""

from datetime import UTC, datetime, timedelta

# A working Monday at 10:00 in the office, with all of the office's year ahead.
MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


class FakeClock:
    """A clock that stands still until it is told to go on."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, span: timedelta) -> None:
        self.now += span
