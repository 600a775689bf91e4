"""The left column: who waits, whom I speak with, and everybody else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.channels import queries as channels
from core.conversations import queries
from core.conversations.states import ConversationState
from core.messaging import ChannelName
from core.operators import queries as operators
from core.unit_of_work import UnitOfWork

AccountKey = tuple[ChannelName, str]

SHOWN_RECENT = 60


@dataclass(frozen=True)
class WaitingLine:
    line: Any
    position: int
    waited_seconds: int


@dataclass(frozen=True)
class DeskLists:
    waiting: list[WaitingLine]
    mine: list[Any]
    recent: list[Any]
    holders: dict[int, str]
    accounts: Mapping[AccountKey, str]  # their names, for those who can be chosen from


def lists_for(
    uow: UnitOfWork,
    operator_id: int,
    *,
    recent_state: ConversationState | None,
    through: AccountKey | None = None,
) -> DeskLists:
    waiting = queries.waiting(uow.session, through=through)
    mine = queries.held_by(uow.session, operator_id)
    shown = {line.conversation.id for line in (*waiting, *mine)}
    recent = [
        line
        for line in queries.recent(
            uow.session, state=recent_state, through=through, limit=SHOWN_RECENT
        )
        if line.conversation.id not in shown or recent_state is not None
    ]
    holders = {line.conversation.operator_id for line in recent if line.conversation.operator_id}
    return DeskLists(
        [
            WaitingLine(
                line, position, int((uow.now - line.conversation.waiting_since).total_seconds())
            )
            for position, line in enumerate(waiting, start=1)
            if line.conversation.waiting_since is not None
        ],
        mine,
        recent,
        operators.names(uow.session, holders),
        account_names(uow),
    )


def account_names(uow: UnitOfWork) -> dict[AccountKey, str]:
    """Name every account that citizens have come through, retired ones included."""
    known = channels.accounts(uow.session, with_retired=True)
    return {(one.channel, one.account): one.name for one in known}


def account_chosen(text: str) -> AccountKey | None:
    """Read the account that a list is narrowed to, e.g. `wechat/town`."""
    channel, _, account = text.partition("/")
    return (ChannelName(channel), account) if channel in set(ChannelName) and account else None
