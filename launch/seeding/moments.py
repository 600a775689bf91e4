"""When things happened, told from the day of seeding, so that the demo never grows old."""

from datetime import date, datetime, time, timedelta

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.clock import OFFICE_TIMEZONE, office_date
from core.working_days import WorkingCalendar


class Told(BaseModel):
    """What stands in a seed file: nothing but the fields that are known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Moment(Told):
    """Either some minutes ago, or a time of day (office time) some working days ago.

    Working days are counted back from today, or from the next working day when
    today is none: then a case of seven working days ago is due on that day.
    """

    minutes_ago: int | None = None
    working_days_ago: int | None = Field(None, ge=1)
    at: str = Field("", pattern=r"^(\d\d:\d\d)?$")

    @model_validator(mode="after")
    def is_told_in_one_way(self) -> "Moment":
        if (self.minutes_ago is None) == (self.working_days_ago is None):
            raise ValueError("tell either minutes_ago or working_days_ago")
        if bool(self.at) != (self.working_days_ago is not None):
            raise ValueError("working_days_ago and at belong together")
        return self

    def seen_from(self, now: datetime, calendar: WorkingCalendar) -> datetime:
        if self.working_days_ago is None:
            return now - timedelta(minutes=self.minutes_ago or 0)
        day = working_day_before(calendar, office_date(now), self.working_days_ago)
        return datetime.combine(day, time.fromisoformat(self.at), tzinfo=OFFICE_TIMEZONE)


def working_day_before(calendar: WorkingCalendar, day: date, count: int) -> date:
    """Go back `count` working days from `day`, or from the first one after it."""
    while not calendar.is_working_day(day):
        day += timedelta(days=1)
    while count:
        day -= timedelta(days=1)
        count -= calendar.is_working_day(day)
    return day
