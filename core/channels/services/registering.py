"""Which accounts there are, whose they are, and what the platform lets them do."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select, update

from core.channels import queries
from core.channels.events import (
    AccountRegistered,
    AccountRetired,
    BecamePassiveOnly,
    MaySpeakAgain,
    OwnerAssigned,
)
from core.channels.models import ChannelAccount
from core.departments import queries as departments
from core.events import SYSTEM
from core.messaging import ChannelName
from core.unit_of_work import UnitOfWork

# Gateway and worker start together, and both bring the registry up to date.
_REGISTERING = "register_accounts"


@dataclass(frozen=True, kw_only=True)
class AccountFacts:
    """An account as the settings describe it, without its secrets."""

    channel: ChannelName
    account: str
    name: str
    kind: str
    is_verified: bool = True
    rights: frozenset[str] = frozenset()
    mode: str = ""
    platform_id: str = ""


def register_accounts(uow: UnitOfWork, accounts: Sequence[AccountFacts]) -> None:
    """Bring the registry up to date with the settings; what is gone there is retired here."""
    uow.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(_REGISTERING))))
    known = {
        (one.channel, one.account): one for one in queries.accounts(uow.session, with_retired=True)
    }
    for facts in accounts:
        account = known.pop((facts.channel, facts.account), None)
        is_new = account is None or account.retired_at is not None
        if account is None:
            account = ChannelAccount(
                channel=facts.channel, account=facts.account, registered_at=uow.now
            )
        _describe(account, facts)
        uow.session.add(account)
        if is_new:
            uow.announce(
                AccountRegistered(at=uow.now, channel=facts.channel, account=facts.account)
            )
    for gone in known.values():
        if gone.retired_at is None:
            gone.retired_at = uow.now
            uow.announce(AccountRetired(at=uow.now, channel=gone.channel, account=gone.account))


def _describe(account: ChannelAccount, facts: AccountFacts) -> None:
    account.name = facts.name
    account.kind = facts.kind
    account.mode = facts.mode
    account.platform_id = facts.platform_id
    account.is_verified = facts.is_verified
    account.rights = sorted(facts.rights)
    account.retired_at = None


def assign_owner(
    uow: UnitOfWork,
    channel: ChannelName,
    account: str,
    *,
    department_id: int | None,
    actor: str = SYSTEM,
) -> None:
    """Say which unit answers for the account; None takes it back."""
    found = queries.get_for_change(uow.session, channel, account)
    if department_id is not None:
        departments.get(uow.session, department_id)
    if found.owner_id == department_id:
        return
    found.owner_id = department_id
    uow.announce(
        OwnerAssigned(
            at=uow.now, actor=actor, channel=channel, account=account, department_id=department_id
        )
    )


def set_passive_only(uow: UnitOfWork, channel: ChannelName, account: str, *, reason: str) -> bool:
    """Remember that the platform takes nothing but answers to pushes; True when that is new."""
    changed = uow.session.scalar(
        update(ChannelAccount)
        .filter_by(channel=channel, account=account)
        .where(
            or_(
                ChannelAccount.passive_only_since.is_(None),
                # Tried again after a day, and refused again.
                ChannelAccount.passive_only_since <= uow.now - queries.TRIED_AGAIN_AFTER,
            )
        )
        .values(passive_only_since=uow.now, passive_only_reason=reason)
        .returning(ChannelAccount.id)
    )
    if changed is None:
        return False
    uow.announce(BecamePassiveOnly(at=uow.now, channel=channel, account=account, reason=reason))
    return True


def note_menus_refused(uow: UnitOfWork, channel: ChannelName, account: str) -> None:
    """Remember that the platform takes no messages with a menu from the account."""
    uow.session.execute(
        update(ChannelAccount)
        .filter_by(channel=channel, account=account)
        .values(menus_refused_at=uow.now)
    )


def clear_passive_only(
    uow: UnitOfWork, channel: ChannelName, account: str, *, actor: str = SYSTEM
) -> None:
    """Let the desk send through the API again: the platform has given the right back."""
    found = queries.get_for_change(uow.session, channel, account)
    if found.passive_only_since is None:
        return
    found.passive_only_since = found.passive_only_reason = None
    uow.announce(MaySpeakAgain(at=uow.now, actor=actor, channel=channel, account=account))
