"""How far the fetching of an attachment has come, as a table."""

from enum import StrEnum

from core.media.errors import IllegalMediaStep


class MediaKind(StrEnum):
    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"


class AttachmentState(StrEnum):
    WANTED = "wanted"
    FETCHING = "fetching"
    STORED = "stored"
    REFUSED = "refused"  # fetched, and not what it should be
    EXPIRED = "expired"  # the platform keeps it no longer
    FAILED = "failed"  # could not be fetched; a person may try again
    ERASED = "erased"  # kept no longer, or not wanted any more


class MediaStep(StrEnum):
    LEASE = "lease"
    STORE = "store"
    REFUSE = "refuse"
    EXPIRE = "expire"
    TRY_LATER = "try_later"
    GIVE_UP = "give_up"
    TRY_AGAIN = "try_again"
    ERASE = "erase"


class Refusal(StrEnum):
    """Why fetched bytes are not kept."""

    WRONG_TYPE = "wrong_type"  # not the kind it is said to be, by its content
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    TOO_MANY_PIXELS = "too_many_pixels"
    EMPTY = "empty"
    FORBIDDEN_ADDRESS = "forbidden_address"  # it lies where nothing is fetched from
    NO_SOURCE = "no_source"  # the platform did not say where it lies


_S, _A = AttachmentState, MediaStep

#    in this state    this step          leads to
TRANSITIONS = {
    (_S.WANTED,       _A.LEASE):         _S.FETCHING,
    (_S.FETCHING,     _A.LEASE):         _S.FETCHING,  # who fetched it has died
    (_S.FETCHING,     _A.STORE):         _S.STORED,
    (_S.FETCHING,     _A.REFUSE):        _S.REFUSED,
    (_S.FETCHING,     _A.EXPIRE):        _S.EXPIRED,
    (_S.FETCHING,     _A.TRY_LATER):     _S.WANTED,
    (_S.FETCHING,     _A.GIVE_UP):       _S.FAILED,
    (_S.FAILED,       _A.TRY_AGAIN):     _S.WANTED,
    (_S.STORED,       _A.ERASE):         _S.ERASED,
    (_S.WANTED,       _A.ERASE):         _S.ERASED,
    (_S.FETCHING,     _A.ERASE):         _S.ERASED,
    (_S.REFUSED,      _A.ERASE):         _S.ERASED,
    (_S.EXPIRED,      _A.ERASE):         _S.ERASED,
    (_S.FAILED,       _A.ERASE):         _S.ERASED,
}  # fmt: skip

UNSETTLED = frozenset({AttachmentState.WANTED, AttachmentState.FETCHING})


def next_state(state: AttachmentState, step: MediaStep) -> AttachmentState:
    try:
        return TRANSITIONS[state, step]
    except KeyError:
        raise IllegalMediaStep(state=state, step=step) from None
