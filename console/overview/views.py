"""The first page: counts, and the way to what they count."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from console.context import CurrentOperator, operator, unit_of_work
from console.guard import signed_in
from core.cases import queries as cases
from core.cases.queries import CaseFilter
from core.cases.states import CLOCK_RUNS
from core.channels import queries as channels
from core.conversations import queries as conversations
from core.gaps import queries as gaps
from core.gaps.states import GapState
from core.knowledge import queries as knowledge
from core.operators.permissions import Permission
from core.unit_of_work import UnitOfWork

REVIEW_AHEAD = timedelta(days=30)
SHOWN = 8
COUNTED = 1000

bp = Blueprint("overview", __name__, template_folder="templates")


@dataclass
class Board:
    """What this operator is shown; None where it is none of their business."""

    waiting: int | None = None
    longest_wait_seconds: int = 0
    own_open: int | None = None
    overdue: Any = None
    due_today: Any = None
    changes_to_review: int | None = None
    open_gaps: int | None = None
    due_entries: Any = None
    open_alarms: int | None = None
    failed: list[Any] = field(default_factory=list)


@bp.get("/")
@signed_in
def show() -> ResponseReturnValue:
    with unit_of_work() as uow:
        return render_template(
            "overview/show.html", board=_board(uow, operator()), today=uow.today, shown=SHOWN
        )


@bp.get("/overview/board")
@signed_in
def board() -> ResponseReturnValue:
    with unit_of_work() as uow:
        return render_template(
            "overview/_board.html", board=_board(uow, operator()), today=uow.today, shown=SHOWN
        )


def _board(uow: UnitOfWork, who: CurrentOperator) -> Board:
    board = Board()
    if who.can(Permission.VIEW_CONVERSATIONS):
        waiting = conversations.waiting(uow.session, limit=1)
        board.waiting = conversations.count_waiting(uow.session)
        if waiting and waiting[0].conversation.waiting_since:
            since = waiting[0].conversation.waiting_since
            board.longest_wait_seconds = int((uow.now - since).total_seconds())
        board.failed = list(conversations.failed_deliveries(uow.session, limit=SHOWN))
    if who.can(Permission.CONVERSE):
        board.own_open = conversations.count_held_by(uow.session, who.id)
    if who.can_any({Permission.VIEW_ALL_CASES, Permission.VIEW_OWN_UNIT_CASES}):
        unit = None if who.can(Permission.VIEW_ALL_CASES) else who.department_id
        board.overdue = cases.listed(
            uow.session, CaseFilter(department_id=unit, overdue_on=uow.today), limit=COUNTED
        )
        running = cases.listed(
            uow.session, CaseFilter(states=CLOCK_RUNS, department_id=unit), limit=COUNTED
        )
        board.due_today = [case for case in running if case.due_on == uow.today]
    if who.can(Permission.REVIEW_KNOWLEDGE):
        board.changes_to_review = knowledge.count_reviewable(uow.session, reviewer_id=who.id)
    if who.can(Permission.EDIT_KNOWLEDGE):
        board.open_gaps = gaps.count(uow.session, GapState.OPEN)
    if who.can(Permission.VIEW_KNOWLEDGE):
        board.due_entries = knowledge.due_for_review(
            uow.session, today=uow.today, within=REVIEW_AHEAD
        )
    if who.can(Permission.VIEW_CHANNELS):
        board.open_alarms = channels.count_open_alarms(uow.session)
    return board
