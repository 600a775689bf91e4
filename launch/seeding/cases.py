"""What citizens formally asked for, and how far each case has come."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from core.cases import queries, services
from core.cases.services import Contact
from core.cases.states import (
    CaseClass,
    CaseKind,
    CaseSource,
    Priority,
    Rating,
    RejectionReason,
)
from core.clock import written_date
from core.events import SYSTEM, citizen_actor
from core.unit_of_work import UnitOfWork
from launch.seeding.moments import Moment, Told, working_day_before
from launch.seeding.story import Act, Cast


class Step(Moment):
    """One thing that was done to the case."""

    def take(self, uow: UnitOfWork, cast: Cast, number: str) -> None:
        raise NotImplementedError


class StaffStep(Step):
    by: str

    def operator_id(self, cast: Cast) -> int:
        return cast.operators[self.by]


class Acknowledge(Step):
    do: Literal["acknowledge"]

    def take(self, uow: UnitOfWork, cast: Cast, number: str) -> None:
        services.acknowledge_case(uow, number)


class Accept(StaffStep):
    do: Literal["accept"]
    case_class: CaseClass = CaseClass.GENERAL
    priority: Priority = Priority.NORMAL
    reason: str = ""

    def take(self, uow: UnitOfWork, cast: Cast, number: str) -> None:
        services.accept_case(
            uow,
            number,
            operator_id=self.operator_id(cast),
            case_class=self.case_class,
            priority=self.priority,
            reason=self.reason,
        )


class Reject(StaffStep):
    do: Literal["reject"]
    reason: RejectionReason
    explanation: str

    def take(self, uow: UnitOfWork, cast: Cast, number: str) -> None:
        services.reject_case(
            uow,
            number,
            operator_id=self.operator_id(cast),
            reason=self.reason,
            explanation=self.explanation,
        )


class Dispatch(StaffStep):
    do: Literal["dispatch"]
    department: str
    requirements: str
    is_designated: bool = False

    def take(self, uow: UnitOfWork, cast: Cast, number: str) -> None:
        due_on = queries.get(uow.session, number).due_on
        services.dispatch_case(
            uow,
            number,
            operator_id=self.operator_id(cast),
            department_id=cast.departments[self.department],
            requirements=self.requirements,
            # A day for the review before the citizen is answered.
            due_on=working_day_before(uow.office.calendar, due_on, 1),
            is_designated=self.is_designated,
        )


class SignFor(StaffStep):
    do: Literal["sign_for"]

    def take(self, uow: UnitOfWork, cast: Cast, number: str) -> None:
        services.sign_for_case(uow, number, operator_id=self.operator_id(cast))


class Return(StaffStep):
    do: Literal["return"]
    reason: str

    def take(self, uow: UnitOfWork, cast: Cast, number: str) -> None:
        services.return_case(uow, number, operator_id=self.operator_id(cast), reason=self.reason)


class Draft(StaffStep):
    do: Literal["draft"]
    text: str

    def take(self, uow: UnitOfWork, cast: Cast, number: str) -> None:
        services.draft_reply(uow, number, operator_id=self.operator_id(cast), text=self.text)


class SendBack(StaffStep):
    do: Literal["send_back"]
    reason: str

    def take(self, uow: UnitOfWork, cast: Cast, number: str) -> None:
        services.send_back_reply(
            uow, number, operator_id=self.operator_id(cast), reason=self.reason
        )


class ReplyTo(StaffStep):
    do: Literal["reply"]

    def take(self, uow: UnitOfWork, cast: Cast, number: str) -> None:
        services.reply_to_case(uow, number, operator_id=self.operator_id(cast))


class Urge(StaffStep):
    do: Literal["urge"]
    text: str = ""

    def take(self, uow: UnitOfWork, cast: Cast, number: str) -> None:
        services.urge_case(uow, number, operator_id=self.operator_id(cast), text=self.text)


class CitizenUrges(Step):
    do: Literal["citizen_urges"]

    def take(self, uow: UnitOfWork, cast: Cast, number: str) -> None:
        services.urge_own_case(uow, number, citizen_id=_citizen_id(uow, number))


class Rate(Step):
    do: Literal["rate"]
    rating: Rating
    comment: str = ""

    def take(self, uow: UnitOfWork, cast: Cast, number: str) -> None:
        citizen_id = queries.get(uow.session, number).citizen_id
        actor = SYSTEM if citizen_id is None else citizen_actor(citizen_id)
        services.rate_case(uow, number, rating=self.rating, comment=self.comment, actor=actor)


class Close(StaffStep):
    do: Literal["close"]
    result: str

    def take(self, uow: UnitOfWork, cast: Cast, number: str) -> None:
        services.close_case(uow, number, operator_id=self.operator_id(cast), result=self.result)


AnyStep = Annotated[
    Acknowledge | Accept | Reject | Dispatch | SignFor | Return | Draft | SendBack | ReplyTo
    | Urge | CitizenUrges | Rate | Close,
    Field(discriminator="do"),
]  # fmt: skip


class Person(Told):
    name: str = ""
    phone: str = ""


class Matter(Told):
    """`submitted` is left out when a citizen opens the case in a chat."""

    key: str
    kind: CaseKind
    source: CaseSource
    title: str
    content: str
    place: str = ""
    contact: Person = Person()
    submitted: Moment | None = None
    steps: list[AnyStep] = []

    def acts(self, cast: Cast) -> Iterator[tuple[Moment, Act]]:
        if self.submitted is not None:
            yield self.submitted, lambda uow: self._open(uow, cast)
        for step in self.steps:
            yield step, self._take(step, cast)

    def submit(
        self, uow: UnitOfWork, cast: Cast, *, conversation_id: int | None = None
    ) -> dict[str, Any]:
        """Put the case on record; return the facts its citizen is told."""
        case = services.submit_case(
            uow,
            kind=self.kind,
            source=self.source,
            title=self.title,
            content=self.content,
            place=self.place,
            contact=Contact(self.contact.name, self.contact.phone),
            conversation_id=conversation_id,
        )
        cast.cases[self.key] = case.number
        if conversation_id is not None:
            # The bot's own answer is the first response.
            services.acknowledge_case(uow, case.number, tell_citizen=False)
        return {
            "number": case.number,
            "query_code": case.query_code,
            "due_on": written_date(case.due_on),
        }

    def _open(self, uow: UnitOfWork, cast: Cast) -> None:
        self.submit(uow, cast)

    def _take(self, step: Step, cast: Cast) -> Act:
        return lambda uow: step.take(uow, cast, cast.cases[self.key])


def _citizen_id(uow: UnitOfWork, number: str) -> int:
    citizen_id = queries.get(uow.session, number).citizen_id
    if citizen_id is None:
        raise ValueError(f"{number} has no citizen who could urge it")
    return citizen_id
