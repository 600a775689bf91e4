"""Work that must happen because of a change: deferred in the same transaction.

Procrastinate keeps the jobs in PostgreSQL. Its own SQL function is called on the
unit of work's connection, so a rollback takes the promise back. Jobs with the
same lock run one after the other, in the order in which they were deferred.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from core.unit_of_work import UnitOfWork

QUEUE = "desk"

ANSWER_MESSAGES = "answer_messages"
DELIVER_REPLIES = "deliver_replies"
TELL_DIALOGUE = "tell_dialogue"
SHOW_TYPING = "show_typing"
RELEASE_MODEL = "release_model"
CHECK_MODELS = "check_models"
SETTLE_MENU = "settle_menu"
LOOK_AT_MENU = "look_at_menu"
TAG_CITIZEN = "tag_citizen"
FETCH_MEDIA = "fetch_media"
READ_TAP = "read_tap"

_DEFER = text(
    "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW("
    "cast(:queue AS varchar), cast(:task AS varchar), cast(:priority AS integer),"
    " cast(:lock AS text), NULL, cast(:args AS jsonb), cast(:at AS timestamptz)"
    ")]::procrastinate_job_to_defer_v1[])"
)


@dataclass(frozen=True)
class Job:
    """`lets_others_pass`: deferred to a moment, it does not hold up jobs for now."""

    task: str
    args: dict[str, Any]
    lock: str
    priority: int = 0
    lets_others_pass: bool = False


def defer(uow: UnitOfWork, job: Job, *, at: datetime | None = None) -> None:
    """Promise the job: it runs if, and only if, this change commits, and not before `at`."""
    if not uow.defers_jobs:
        return
    uow.session.execute(
        _DEFER,
        {
            "queue": QUEUE,
            "task": job.task,
            # Under one lock a job that is not due yet holds up all that follow with its priority.
            "priority": job.priority - (job.lets_others_pass and at is not None),
            "lock": job.lock,
            "args": json.dumps(job.args),
            "at": at,
        },
    )


def answer_messages(conversation_id: int) -> Job:
    """Let the bot answer what the citizen said and has no answer to yet, in order.

    The job names no message: the rows keep the order, however jobs were lost or repeated.
    """
    return Job(
        ANSWER_MESSAGES, {"conversation_id": conversation_id}, lock=f"turn:{conversation_id}"
    )


def deliver_replies(conversation_id: int) -> Job:
    """Send what is still owed to the citizen, in order."""
    return Job(
        DELIVER_REPLIES,
        {"conversation_id": conversation_id},
        lock=f"delivery:{conversation_id}",
        priority=1,
        lets_others_pass=True,  # the rows keep the order, whichever job looks at them
    )


def tell_dialogue(conversation_id: int) -> Job:
    """Let the dialogue engine forget what was open, so that the next message starts clean."""
    return Job(TELL_DIALOGUE, {"conversation_id": conversation_id}, lock=f"turn:{conversation_id}")


def show_typing(conversation_id: int) -> Job:
    """Show the citizen that an answer is being written; a courtesy, which may be lost."""
    return Job(
        SHOW_TYPING,
        {"conversation_id": conversation_id},
        lock=f"typing:{conversation_id}",
        priority=2,
    )


def settle_menu(menu_id: int, channel: str, account: str) -> Job:
    """Tell the platform what became of this menu; one change of an account's menus at a time."""
    return Job(SETTLE_MENU, {"menu_id": menu_id}, lock=f"menu:{channel}:{account}")


def look_at_menu(channel: str, account: str) -> Job:
    """Compare what the platform shows with what was published."""
    return Job(
        LOOK_AT_MENU,
        {"channel": str(channel), "account": account},
        lock=f"menu:{channel}:{account}",
    )


def tag_citizen(identity_id: int) -> Job:
    """Tell the platform which group the citizen is in."""
    return Job(TAG_CITIZEN, {"identity_id": identity_id}, lock=f"group:{identity_id}")


def read_tap(message_id: int) -> Job:
    """Do what a tap asks for that nobody needs to answer, while an operator speaks."""
    return Job(READ_TAP, {"message_id": message_id}, lock=f"tap:{message_id}")


def fetch_media(message_id: int) -> Job:
    """Bring home what the citizen sent beside words, while the platform still has it."""
    return Job(FETCH_MEDIA, {"message_id": message_id}, lock=f"media:{message_id}")


def release_model() -> Job:
    """Train what is queued, let it through the gate, and swap the servers; one at a time."""
    return Job(RELEASE_MODEL, {}, lock="models")


def check_models() -> Job:
    """See that the servers and the files are what they should be; never beside a swap."""
    return Job(CHECK_MODELS, {}, lock="models")
