"""One person on several channels: said by the person, shown to the office, and taken back at will.

Nothing is moved: a citizen only points to the one who stands for all, so that undoing it
leaves every case and message where it came in.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select

from core.citizens import queries
from core.citizens.errors import (
    AlreadyLinked,
    LinkingCodeInvalid,
    NotLinked,
    OwnLinkingCode,
    TooManyLinked,
)
from core.citizens.events import CitizensLinked, CitizensUnlinked, LinkingProposed
from core.citizens.models import LinkingCode
from core.citizens.services.entering import page_entrance, require_held
from core.conversations import queries as conversations
from core.conversations.models import ChannelIdentity, Citizen, Message
from core.conversations.services import say_as_desk
from core.events import citizen_actor, operator_actor
from core.unit_of_work import UnitOfWork

CODE_HOLDS = timedelta(minutes=10)
KEPT_AFTER_END = timedelta(days=1)
CODE_DIGITS = 8
MOST_LINKED = 8
LINKING_LOCK = 7_404_250_2


@dataclass(frozen=True)
class Linking:
    """What would be joined: the identities under the code, and those of who has typed it."""

    theirs: tuple[ChannelIdentity, ...]
    own: tuple[ChannelIdentity, ...]


def give_linking_code(uow: UnitOfWork, identity_id: int) -> str:
    """Return a new code for this identity; an earlier one that was not used ends with it."""
    uow.session.execute(
        delete(LinkingCode).where(
            (LinkingCode.expires_at < uow.now - KEPT_AFTER_END)
            | ((LinkingCode.identity_id == identity_id) & LinkingCode.used_at.is_(None))
        )
    )
    while True:
        code = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
        mark = uow.seal.fingerprint(code)
        if not uow.session.scalar(select(LinkingCode.id).filter_by(code_fingerprint=mark)):
            break
    uow.session.add(
        LinkingCode(
            code_fingerprint=mark,
            identity_id=identity_id,
            created_at=uow.now,
            expires_at=uow.now + CODE_HOLDS,
        )
    )
    uow.session.flush()
    return code


def find_linking(uow: UnitOfWork, code: str, *, identity_id: int) -> Linking:
    """Tell who would become one, or raise why not; nothing changes yet."""
    return _linking(uow, _code(uow, code), queries.get_identity(uow.session, identity_id))


def link_citizens(uow: UnitOfWork, code: str, *, identity_id: int) -> Linking:
    """Make one person of both; the citizen has seen what is shared and agreed."""
    # Rare, and two at once must not make a ring: one after the other.
    uow.session.execute(select(func.pg_advisory_xact_lock(LINKING_LOCK)))
    known = _code(uow, code)
    linking = _linking(uow, known, queries.get_identity(uow.session, identity_id))
    own = sorted({identity.citizen_id for identity in linking.own})
    theirs = sorted({identity.citizen_id for identity in linking.theirs})
    stands_for_all, *others = _for_change(uow, {*own, *theirs})
    stands_for_all.linked_to_id = None
    for citizen in others:
        citizen.linked_to_id = stands_for_all.id
    known.used_at = uow.now
    actor = citizen_actor(linking.own[0].citizen_id)
    for one, with_whom in [*((each, theirs) for each in own), *((each, own) for each in theirs)]:
        uow.announce(
            CitizensLinked(at=uow.now, actor=actor, citizen_id=one, with_citizen_ids=with_whom)
        )
    return linking


def unlink_citizen(uow: UnitOfWork, identity_id: int, *, by_citizen_id: int) -> None:
    """Take one identity out again; the person may do so from any of the identities."""
    uow.session.execute(select(func.pg_advisory_xact_lock(LINKING_LOCK)))
    identity = queries.get_identity(uow.session, identity_id)
    together = set(uow.session.scalars(queries.same_person(by_citizen_id)))
    if identity.citizen_id not in together or len(together) == 1:
        raise NotLinked
    leaving = identity.citizen_id
    rest = sorted(together - {leaving})
    for citizen in _for_change(uow, together):
        is_alone = citizen.id == leaving or citizen.id == rest[0]
        citizen.linked_to_id = None if is_alone else rest[0]
    for one, from_whom in [(leaving, rest), *((each, [leaving]) for each in rest)]:
        uow.announce(
            CitizensUnlinked(
                at=uow.now,
                actor=citizen_actor(by_citizen_id),
                citizen_id=one,
                from_citizen_ids=from_whom,
            )
        )


def propose_linking(
    uow: UnitOfWork, conversation_id: int, *, operator_id: int, web_login_accounts: Collection[str]
) -> Message:
    """Staff tell the citizen how identities are joined; doing it is the citizen's own affair."""
    require_held(uow, conversation_id, operator_id)
    identity = conversations.get(uow.session, conversation_id).identity
    address = page_entrance(
        uow, conversation_id, web_login_accounts=web_login_accounts, page="mine/identities"
    )
    actor = operator_actor(operator_id)
    uow.announce(LinkingProposed(at=uow.now, actor=actor, citizen_id=identity.citizen_id))
    text = uow.office.notice("linking_proposed", address=address)
    return say_as_desk(uow, conversation_id, text=text, actor=actor)


def _code(uow: UnitOfWork, code: str) -> LinkingCode:
    known = uow.session.scalars(
        select(LinkingCode)
        .filter_by(code_fingerprint=uow.seal.fingerprint(code))
        .with_for_update(of=LinkingCode)
    ).one_or_none()
    if known is None or known.used_at is not None or known.expires_at <= uow.now:
        raise LinkingCodeInvalid
    return known


def _linking(uow: UnitOfWork, known: LinkingCode, own: ChannelIdentity) -> Linking:
    if known.identity_id == own.id:
        raise OwnLinkingCode
    linking = Linking(
        theirs=tuple(queries.identities_of(uow.session, known.identity.citizen_id)),
        own=tuple(queries.identities_of(uow.session, own.citizen_id)),
    )
    if own in linking.theirs:
        raise AlreadyLinked
    if len(linking.theirs) + len(linking.own) > MOST_LINKED:
        raise TooManyLinked(limit=MOST_LINKED)
    return linking


def _for_change(uow: UnitOfWork, citizen_ids: set[int]) -> Sequence[Citizen]:
    return uow.session.scalars(
        select(Citizen)
        .where(Citizen.id.in_(citizen_ids))
        .order_by(Citizen.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
