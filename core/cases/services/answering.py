"""The case is answered: drafted by one person, released by another, rated and closed."""

from core.cases import queries
from core.cases.errors import (
    AlreadyRated,
    IllegalTransition,
    ReasonMissing,
    ReplyTooShort,
    ReviewerIsDrafter,
)
from core.cases.events import (
    CaseClosed,
    CaseRated,
    CaseReplied,
    ReplyDrafted,
    ReplySentBack,
)
from core.cases.models import Case, CaseReply
from core.cases.services.handling import case_for_change, require_own_unit, tell_citizen
from core.cases.states import CaseAction, CaseState, Rating, next_state
from core.events import SYSTEM, operator_actor
from core.unit_of_work import UnitOfWork

MIN_REPLY_CHARACTERS = 20


def draft_reply(
    uow: UnitOfWork,
    number: str,
    *,
    operator_id: int,
    text: str,
    seen_version: int | None = None,
) -> Case:
    """Put a draft before the reviewer."""
    case = case_for_change(uow, number, seen_version)
    require_own_unit(uow, case, operator_id)
    case.apply(CaseAction.DRAFT_REPLY)
    words = text.strip()
    if len(words) < MIN_REPLY_CHARACTERS:
        raise ReplyTooShort(minimum=MIN_REPLY_CHARACTERS)
    draft = CaseReply(
        case_id=case.id,
        version=len(case.replies) + 1,
        text=words,
        drafted_by_id=operator_id,
        drafted_at=uow.now,
    )
    case.replies.append(draft)
    uow.announce(
        ReplyDrafted(
            at=uow.now, actor=operator_actor(operator_id), number=number, version=draft.version
        )
    )
    return case


def send_back_reply(
    uow: UnitOfWork,
    number: str,
    *,
    operator_id: int,
    reason: str,
    seen_version: int | None = None,
) -> Case:
    """The reviewer wants the draft changed."""
    case = case_for_change(uow, number, seen_version)
    require_own_unit(uow, case, operator_id)
    draft = _draft_under_review(case, operator_id, CaseAction.SEND_BACK)
    if not reason.strip():
        raise ReasonMissing(action=CaseAction.SEND_BACK)
    case.apply(CaseAction.SEND_BACK)
    draft.reviewed_by_id, draft.reviewed_at = operator_id, uow.now
    draft.sent_back_reason = reason.strip()
    uow.announce(
        ReplySentBack(
            at=uow.now,
            actor=operator_actor(operator_id),
            number=number,
            version=draft.version,
            reason=reason.strip(),
        )
    )
    return case


def reply_to_case(
    uow: UnitOfWork, number: str, *, operator_id: int, seen_version: int | None = None
) -> Case:
    """Release the draft to the citizen; the answer clock stops."""
    case = case_for_change(uow, number, seen_version)
    require_own_unit(uow, case, operator_id)
    draft = _draft_under_review(case, operator_id, CaseAction.REPLY)
    case.apply(CaseAction.REPLY)
    draft.reviewed_by_id, draft.reviewed_at = operator_id, uow.now
    draft.released_at = uow.now
    case.replied_at = uow.now
    uow.announce(
        CaseReplied(
            at=uow.now, actor=operator_actor(operator_id), number=number, version=draft.version
        )
    )
    unit = case.department.name if case.department else ""
    draft.message_id = tell_citizen(uow, case, "case_replied", department=unit, reply=draft.text)
    return case


def rate_case(
    uow: UnitOfWork, number: str, *, rating: Rating, comment: str = "", actor: str = SYSTEM
) -> Case:
    """The citizen judges the answer, once; a good judgement closes the case."""
    case = queries.get_for_change(uow.session, number)
    if case.rating is not None:
        raise AlreadyRated(number=number)
    if case.state is not CaseState.REPLIED:
        raise IllegalTransition(state=case.state, action="rate")
    case.rating, case.rating_comment = rating, comment.strip()[:500] or None
    case.rated_at = uow.now
    uow.announce(
        CaseRated(
            at=uow.now, actor=actor, number=number, rating=rating, comment=comment.strip()[:500]
        )
    )
    if not rating.is_bad:
        _close(uow, case, result="市民评价满意，自动办结", actor=SYSTEM)
    return case


def close_case(
    uow: UnitOfWork,
    number: str,
    *,
    operator_id: int,
    result: str,
    seen_version: int | None = None,
) -> Case:
    """End an answered case, saying with what result."""
    case = case_for_change(uow, number, seen_version)
    next_state(case.state, CaseAction.CLOSE)
    if not result.strip():
        raise ReasonMissing(action=CaseAction.CLOSE)
    _close(uow, case, result=result.strip(), actor=operator_actor(operator_id))
    return case


def _close(uow: UnitOfWork, case: Case, *, result: str, actor: str) -> None:
    case.apply(CaseAction.CLOSE)
    case.closed_at = uow.now
    case.result = result
    uow.announce(CaseClosed(at=uow.now, actor=actor, number=case.number, result=result))


def _draft_under_review(case: Case, operator_id: int, action: CaseAction) -> CaseReply:
    next_state(case.state, action)
    draft = case.current_reply
    assert draft is not None  # noqa: S101 - a case under review has a draft
    if draft.drafted_by_id == operator_id:
        raise ReviewerIsDrafter(number=case.number)
    return draft
