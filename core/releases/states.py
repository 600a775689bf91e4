"""The life of a model, as a table. Nothing else decides what may follow what."""

from enum import StrEnum

from core.releases.errors import IllegalReleaseStep


class ReleaseState(StrEnum):
    QUEUED = "queued"  # 排队
    TRAINING = "training"  # 训练中
    CHECKING = "checking"  # 检验中
    LIVE = "live"  # 线上
    REFUSED = "refused"  # 检验未通过
    FAILED = "failed"  # 没有完成
    RETIRED = "retired"  # 已被替换
    RETURNING = "returning"  # 正在恢复


class ReleaseStep(StrEnum):
    START = "start"
    CHECK = "check"
    GO_LIVE = "go_live"
    REFUSE = "refuse"  # by the gate
    FAIL = "fail"
    RETIRE = "retire"
    BRING_BACK = "bring_back"
    STAY_AWAY = "stay_away"  # bringing it back did not work


_S, _A = ReleaseState, ReleaseStep

#    in this state     this step        leads to
TRANSITIONS = {
    (_S.QUEUED,        _A.START):       _S.TRAINING,
    (_S.TRAINING,      _A.CHECK):       _S.CHECKING,
    (_S.TRAINING,      _A.REFUSE):      _S.REFUSED,
    (_S.CHECKING,      _A.REFUSE):      _S.REFUSED,
    (_S.CHECKING,      _A.GO_LIVE):     _S.LIVE,
    (_S.TRAINING,      _A.FAIL):        _S.FAILED,
    (_S.CHECKING,      _A.FAIL):        _S.FAILED,
    (_S.LIVE,          _A.RETIRE):      _S.RETIRED,
    (_S.RETIRED,       _A.BRING_BACK):  _S.RETURNING,
    (_S.RETURNING,     _A.GO_LIVE):     _S.LIVE,
    (_S.RETURNING,     _A.STAY_AWAY):   _S.RETIRED,
}  # fmt: skip

# Somebody works on it: at most one at a time.
RUNNING = frozenset({_S.TRAINING, _S.CHECKING, _S.RETURNING})
# The model has passed the gate and was live at some time.
PASSED = frozenset({_S.LIVE, _S.RETIRED, _S.RETURNING})
# Nothing came of it; changes that it did not give back wait for another training.
IN_VAIN = frozenset({_S.REFUSED, _S.FAILED})


def next_state(state: ReleaseState, step: ReleaseStep) -> ReleaseState:
    try:
        return TRANSITIONS[state, step]
    except KeyError:
        raise IllegalReleaseStep(state=state, step=step) from None
