"""By when a case must be acknowledged and answered.

Three kinds of clock live side by side and are never mixed: natural hours,
Chinese working days, calendar days.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.cases.states import CaseClass
from core.clock import office_date
from core.working_days import CountedDay, DueDate, WorkingCalendar


@dataclass(frozen=True)
class Policy:
    """The office's promise from a day on; a case keeps the policy of its submission."""

    version: str
    effective_on: date
    acknowledge_within: timedelta
    answer_within_working_days: dict[CaseClass, int]
    sign_for_within_working_days: int
    rate_within_working_days: int


# Numbers of the office's 网络问政 rules: first response within 24 natural hours,
# general questions within 7 working days, complex or multi-department ones within 15.
POLICIES: Sequence[Policy] = (
    Policy(
        version="2019-1",
        effective_on=date(2019, 1, 1),
        acknowledge_within=timedelta(hours=24),
        answer_within_working_days={
            CaseClass.GENERAL: 7,
            CaseClass.COMPLEX: 15,
            CaseClass.MULTI_UNIT: 15,
        },
        sign_for_within_working_days=1,
        rate_within_working_days=10,
    ),
)


def policy_on(day: date) -> Policy:
    """Return the policy in force on the day a case was submitted."""
    return max(
        (policy for policy in POLICIES if policy.effective_on <= day),
        key=lambda policy: policy.effective_on,
    )


def acknowledge_by(submitted_at: datetime) -> datetime:
    return submitted_at + policy_on(office_date(submitted_at)).acknowledge_within


def answer_days(submitted_at: datetime, case_class: CaseClass) -> int:
    return policy_on(office_date(submitted_at)).answer_within_working_days[case_class]


def answer_by(submitted_at: datetime, case_class: CaseClass, calendar: WorkingCalendar) -> DueDate:
    """Count from submission; the day of submission itself is not counted (民法典 201)."""
    return calendar.due_date(office_date(submitted_at), answer_days(submitted_at, case_class))


def explain_answer_by(
    submitted_at: datetime, case_class: CaseClass, calendar: WorkingCalendar
) -> list[CountedDay]:
    """Return the deadline day by day, as staff and citizens can check it."""
    return calendar.explain(office_date(submitted_at), answer_days(submitted_at, case_class))
