"""What must hold whatever went wrong, each rule looked at from both ends."""

import itertools
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from tests.faults.storm.evidence import Evidence, Said, repeated

MOST_TOKEN_CALLS = 9
UNKNOWN = "outcome_unknown"

Rule = Callable[[Evidence], list[str]]


def every_message_written_was_heard_once(evidence: Evidence) -> list[str]:
    """Unless the platform gave up on it: nobody acknowledged it, and the citizen was told so."""
    heard = Counter((line.platform_id, line.text) for line in evidence.heard)
    twice = [f"heard twice: {text!r}" for (_, text), times in heard.items() if times > 1]
    written = [(citizen, line) for citizen, lines in evidence.written.items() for line in lines]
    missing = sum(line not in heard for line in written)
    given_up = int(evidence.stats["malfunctions"])
    if missing > given_up:
        twice.append(f"{missing} messages not heard, but the platform gave up on {given_up}")
    return twice


def every_message_heard_has_ended(evidence: Evidence) -> list[str]:
    return [f"message {line.id} has no end" for line in evidence.heard if line.outcome is None]


def every_answered_message_has_its_answer(evidence: Evidence) -> list[str]:
    answered = {mark.split(".")[0] for line in evidence.said for mark in line.marks}
    return [
        f"message {line.id} counts as answered without an answer"
        for line in evidence.heard
        if line.outcome == "answered" and str(line.id) not in answered
    ]


def every_delivery_has_ended(evidence: Evidence) -> list[str]:
    return [
        f"delivery {line.id} is still {line.state}"
        for line in evidence.said
        if line.state not in {"sent", "failed"}
    ]


def every_failure_has_its_reason(evidence: Evidence) -> list[str]:
    return [
        f"delivery {line.id} failed without a reason"
        for line in evidence.said
        if line.state == "failed" and not (line.error_code and line.error)
    ]


def what_counts_as_sent_was_seen(evidence: Evidence) -> list[str]:
    return [
        f"{mark} counts as sent ({line.way}) and was not seen"
        for line in evidence.said
        if line.state == "sent"
        for mark in line.marks
        if mark not in evidence.seen[line.platform_id]
    ]


def what_counts_as_failed_was_not_seen(evidence: Evidence) -> list[str]:
    """Save where the desk says that it cannot know, or that a part of it has gone out."""
    return [
        f"{line.id} counts as failed ({line.error_code}) and was seen"
        for line in evidence.said
        if line.state == "failed" and line.error_code != UNKNOWN
        if line.marks and all(mark in evidence.seen[line.platform_id] for mark in line.marks)
    ]


def nobody_saw_anything_twice(evidence: Evidence) -> list[str]:
    return [f"{mark} was seen twice" for seen in evidence.seen.values() for mark in repeated(seen)]


def nobody_saw_what_was_for_another(evidence: Evidence) -> list[str]:
    said_to = evidence.said_to
    own = {
        citizen: {mark for line in said_to.get(citizen, ()) for mark in line.marks}
        for citizen in evidence.seen
    }
    return [
        f"{mark} was not said to the citizen who saw it"
        for citizen, seen in evidence.seen.items()
        for mark in seen
        if mark not in own[citizen]
    ]


def the_order_was_kept(evidence: Evidence) -> list[str]:
    """What was seen stands in the order in which it was said."""
    broken = []
    for citizen, lines in evidence.said_to.items():
        places = {mark: place for place, mark in enumerate(_marks(lines))}
        seen = [mark for mark in evidence.seen[citizen] if mark in places]
        broken += [
            f"{later} was seen before {earlier}"
            for later, earlier in itertools.pairwise(seen)
            if places[earlier] < places[later]
        ]
    return broken


def answers_follow_the_questions(evidence: Evidence) -> list[str]:
    """The desk answers in the order in which it heard."""
    broken = []
    for citizen, lines in evidence.said_to.items():
        answered = [int(mark.split(".")[0]) for mark in _marks(lines)]
        heard = [line.id for line in evidence.heard if line.platform_id == citizen]
        wanted = [number for number in heard if number in set(answered)]
        if list(dict.fromkeys(answered)) != wanted:
            broken.append(f"answers out of order in conversation {lines[0].conversation_id}")
    return broken


def no_job_was_given_up(evidence: Evidence) -> list[str]:
    return [f"{evidence.failed_jobs} jobs failed for good"] if evidence.failed_jobs else []


def the_ledger_agrees_with_the_platform(evidence: Evidence) -> list[str]:
    """Asked when all is quiet and everybody has written once more without anything going wrong."""
    return [
        f"the ledger says {evidence.ledger.get(citizen, 0)} sent, the platform {spent}"
        for citizen, spent in evidence.spent_at_platform.items()
        if evidence.ledger.get(citizen, 0) != spent
    ]


def token_calls_are_few(evidence: Evidence) -> list[str]:
    calls = token_calls(evidence)
    return [f"{calls} token calls"] if calls > MOST_TOKEN_CALLS else []


RULES: tuple[Rule, ...] = (
    every_message_written_was_heard_once,
    every_message_heard_has_ended,
    every_answered_message_has_its_answer,
    every_delivery_has_ended,
    every_failure_has_its_reason,
    what_counts_as_sent_was_seen,
    what_counts_as_failed_was_not_seen,
    nobody_saw_anything_twice,
    nobody_saw_what_was_for_another,
    the_order_was_kept,
    answers_follow_the_questions,
    no_job_was_given_up,
    the_ledger_agrees_with_the_platform,
    token_calls_are_few,
)


def broken_rules(evidence: Evidence) -> Mapping[str, Sequence[str]]:
    found = {rule.__name__: rule(evidence) for rule in RULES}
    return {rule: breaches for rule, breaches in found.items() if breaches}


def token_calls(evidence: Evidence) -> int:
    stats = evidence.stats
    return int(stats.get("token_calls", 0)) + int(stats.get("stable_token_calls", 0))


def _marks(lines: Sequence[Said]) -> list[str]:
    return [mark for line in lines for mark in line.marks]
