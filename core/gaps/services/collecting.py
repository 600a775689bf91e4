"""Find what citizens asked in vain, and put questions of one meaning together."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from sqlalchemy.dialects.postgresql import insert

from core.conversations.models import Message
from core.gaps import queries
from core.gaps.events import GapsPlaced
from core.gaps.meaning import Centre, nearest, packed, unpacked
from core.gaps.models import Gap, GapGroup
from core.gaps.states import GapKind
from core.unit_of_work import UnitOfWork

# A citizen who was offered questions has this long to take one.
SETTLED_AFTER = timedelta(minutes=10)
# Older ones were looked at before, unless the worker was away for days.
LOOK_BACK = timedelta(days=3)
# By then a model has learnt what was assigned.
LEARNT_AFTER = timedelta(days=7)
GUESSES_KEPT = 3
MAX_CHARACTERS = 200
FAQ_PREFIX = "faq/"

_LONG_NUMBER = re.compile(r"[0-9Xx]{6,}")


@dataclass(frozen=True)
class Unplaced:
    """A question whose meaning is to be computed."""

    gap_id: int
    text: str


def collect_gaps(uow: UnitOfWork) -> int:
    """Note each question that was missed, left unsettled or answered unhelpfully, once."""
    found = 0
    until = uow.now - SETTLED_AFTER
    for message in queries.unheeded(uow.session, since=uow.now - LOOK_BACK, until=until):
        facts = _gap_of(uow, message)
        if facts is not None:
            # Two workers may look at once.
            noted = insert(Gap).values(**facts).on_conflict_do_nothing().returning(Gap.id)
            found += uow.session.scalar(noted) is not None
    return found


def unplaced_gaps(uow: UnitOfWork, *, limit: int = 50) -> list[Unplaced]:
    return [Unplaced(gap.id, gap.text) for gap in queries.unplaced(uow.session, limit=limit)]


def place_gaps(uow: UnitOfWork, meanings: Mapping[int, Sequence[float]]) -> int:
    """Put each question into the group of its meaning, or into one of its own."""
    centres = queries.centres(uow.session, assigned_after=uow.now - LEARNT_AFTER)
    placed = 0
    for gap in queries.unplaced_for_change(uow.session, meanings):
        _place(uow, gap, np.asarray(meanings[gap.id], np.float32), centres)
        placed += 1
    if placed:
        uow.announce(GapsPlaced(at=uow.now, count=placed))
    return placed


def masked(text: str) -> str:
    """Return the words without what could name a person by a number."""
    return _LONG_NUMBER.sub("＊", " ".join(text.split()))[:MAX_CHARACTERS]


def _gap_of(uow: UnitOfWork, message: Message) -> dict[str, Any] | None:
    intent = message.understanding.get("intent")
    if intent == queries.COMPLAINT:
        before = queries.answered_before(uow.session, message)
        return _gap(before[0], GapKind.UNHELPFUL, before[1]) if before else None
    if intent == queries.UNSURE:
        after = queries.said_next(uow.session, message)
        if after is not None and after.text.strip() in queries.offered(uow.session, message):
            return None
        return _gap(message, GapKind.UNSETTLED)
    return _gap(message, GapKind.MISSED)


def _gap(
    message: Message, kind: GapKind, answered_with: str | None = None
) -> dict[str, Any] | None:
    text = masked(message.text)
    if not text:
        return None
    ranking = message.understanding.get("ranking") or []
    labels = [str(item.get("intent") or "") for item in ranking]
    guesses = [label.removeprefix(FAQ_PREFIX) for label in labels if label.startswith(FAQ_PREFIX)]
    return {
        "message_id": message.id,
        "conversation_id": message.conversation_id,
        "kind": kind,
        "text": text,
        "guesses": guesses[:GUESSES_KEPT],
        "answered_with": answered_with,
        "asked_at": message.received_at,
    }


def _place(uow: UnitOfWork, gap: Gap, meaning: np.ndarray, centres: list[Centre]) -> None:
    guess = gap.guesses[0] if gap.guesses else None
    found = nearest(meaning, guess, centres)
    if found is None:
        group = GapGroup(
            title=gap.text,
            question_count=1,
            centre=packed(meaning),
            guess=guess,
            first_asked_at=gap.asked_at,
            last_asked_at=gap.asked_at,
        )
        uow.session.add(group)
        uow.session.flush()  # the centre names the group by its id
        centres.append(Centre(group.id, meaning, guess))
    else:
        group = queries.get_for_change(uow.session, found)
        total = unpacked(group.centre) + meaning
        group.centre = packed(total / np.linalg.norm(total))
        group.question_count += 1
        group.last_asked_at = max(group.last_asked_at, gap.asked_at)
        centres[:] = [
            Centre(found, unpacked(group.centre), group.guess) if each.group_id == found else each
            for each in centres
        ]
    gap.group_id = group.id
