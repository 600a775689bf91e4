"""Where an entry and a change of it stand, and what may follow what."""

from enum import StrEnum

from core.knowledge.errors import IllegalChangeStep


class EntryState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class EntryScope(StrEnum):
    NATIONAL = "national"  # rests on national law alone
    LOCAL = "local"  # a frame from national law; the office must add what is local
    PLATFORM = "platform"  # a rule of this desk itself


class ChangeKind(StrEnum):
    CONTENT = "content"  # a new entry, or new content of one
    WITHDRAWAL = "withdrawal"


class ImportOutcome(StrEnum):
    """What taking in a line of a file would do."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class ChangeState(StrEnum):
    DRAFT = "draft"  # 起草中
    IN_REVIEW = "in_review"  # 待审核
    APPROVED = "approved"  # 已通过，等待模型
    LIVE = "live"  # 已生效
    REFUSED = "refused"  # 模型检验未通过
    ABANDONED = "abandoned"  # 已放弃


class ChangeStep(StrEnum):
    SUBMIT = "submit"
    RETURN = "return"  # by the reviewer, or taken back by the author
    APPROVE = "approve"
    RELEASE = "release"
    REFUSE = "refuse"  # by the gate
    MEND = "mend"
    ABANDON = "abandon"


_S, _A = ChangeState, ChangeStep

#    in this state     this step     leads to
TRANSITIONS = {
    (_S.DRAFT,         _A.SUBMIT):   _S.IN_REVIEW,
    (_S.DRAFT,         _A.ABANDON):  _S.ABANDONED,
    (_S.IN_REVIEW,     _A.RETURN):   _S.DRAFT,
    (_S.IN_REVIEW,     _A.APPROVE):  _S.APPROVED,
    (_S.IN_REVIEW,     _A.ABANDON):  _S.ABANDONED,
    (_S.APPROVED,      _A.RELEASE):  _S.LIVE,
    (_S.APPROVED,      _A.REFUSE):   _S.REFUSED,
    (_S.REFUSED,       _A.MEND):     _S.DRAFT,
    (_S.REFUSED,       _A.ABANDON):  _S.ABANDONED,
}  # fmt: skip

# Somebody still has something to do with it.
OPEN = frozenset({_S.DRAFT, _S.IN_REVIEW, _S.APPROVED, _S.REFUSED})


def next_state(state: ChangeState, step: ChangeStep) -> ChangeState:
    try:
        return TRANSITIONS[state, step]
    except KeyError:
        raise IllegalChangeStep(state=state, step=step) from None
