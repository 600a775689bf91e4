"""What a platform reports about a citizen: kept, and drawn the consequences from."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from core.conversations import queries
from core.conversations.events import AuthorizationRevoked
from core.conversations.models import (
    ChannelIdentity,
    Delivery,
    ErasureRequest,
    NoticeConsent,
    PlatformEvent,
)
from core.conversations.services import threads
from core.conversations.services.noticing import ARRIVED, names_of_notice, owe_again
from core.conversations.states import Author, DeliveryState, Visibility
from core.messaging import PlatformReport, ReportKind
from core.unit_of_work import UnitOfWork

ACCEPTED = "accept"
REVOKED = "authorization_revoked"


def note_report(uow: UnitOfWork, report: PlatformReport) -> bool:
    """Keep the report once; False when it is known, or is about nobody we know."""
    identity = queries.find_identity(uow.session, report.address)
    if identity is None or not _keep(uow, identity, report):
        return False
    match report.kind:
        case ReportKind.NOTICE_ENDED:
            for item in report.items:
                _end_notice(uow, identity, item)
        case ReportKind.CONSENT_CHANGED:
            for item in report.items:
                is_granted = item.get("answer") == ACCEPTED
                scene = item.get("scene", "")
                record_consent(
                    uow, identity, item.get("template_id", ""), is_granted=is_granted, scene=scene
                )
        case ReportKind.AUTHORIZATION_REVOKED:
            _revoke(uow, identity, report.payload.get("scopes", ""))
    return True


def record_consent(
    uow: UnitOfWork,
    identity: ChannelIdentity,
    template_id: str,
    *,
    is_granted: bool,
    scene: str = "",
) -> None:
    """Remember whether the citizen wants notices of this template; each yes is for one notice."""
    consent = uow.session.scalars(
        select(NoticeConsent).filter_by(identity_id=identity.id, template_id=template_id)
    ).one_or_none()
    if consent is None:
        consent = NoticeConsent(identity_id=identity.id, template_id=template_id, uses_left=0)
        uow.session.add(consent)
    consent.is_granted = is_granted
    consent.uses_left = consent.uses_left + 1 if is_granted else 0
    consent.scene = scene[:32]
    consent.changed_at = uow.now


def _keep(uow: UnitOfWork, identity: ChannelIdentity, report: PlatformReport) -> bool:
    kept = insert(PlatformEvent).values(
        identity_id=identity.id,
        channel=report.address.channel,
        account=report.address.account,
        dedupe_key=report.dedupe_key,
        event=report.kind.value,
        payload=dict(report.payload) | ({"items": list(report.items)} if report.items else {}),
        sent_at=report.sent_at,
        received_at=uow.now,
    )
    key = ["channel", "account", "dedupe_key"]
    if report.kind is ReportKind.PLACE:
        newer = {name: kept.excluded[name] for name in ("payload", "sent_at", "received_at")}
        kept = kept.on_conflict_do_update(index_elements=key, set_=newer)
    else:
        kept = kept.on_conflict_do_nothing(index_elements=key)
    return uow.session.scalar(kept.returning(PlatformEvent.id)) is not None


def _end_notice(uow: UnitOfWork, identity: ChannelIdentity, item: Mapping[str, str]) -> None:
    """A notice that did not arrive stood for a message, which is owed again."""
    status = item.get("status", "")
    if status == ARRIVED:
        return
    conversation = queries.find_by_address(uow.session, identity.address)
    if conversation is None:
        return
    queries.get_for_change(uow.session, conversation.id)
    names = names_of_notice(item)
    delivery = uow.session.scalars(
        select(Delivery)
        .where(
            Delivery.conversation_id == conversation.id,
            Delivery.notice_id.in_(names),
            Delivery.state == DeliveryState.SENT,
        )
        .order_by(Delivery.message_id.desc())
        .limit(1)
        .with_for_update()
    ).one_or_none()
    if delivery is not None:
        owe_again(uow, delivery, status)


def _revoke(uow: UnitOfWork, identity: ChannelIdentity, scopes: str) -> None:
    """Queue for erasure what the citizen no longer allows us to have, and let staff see it."""
    revoked = [scope for scope in scopes.replace("，", ",").split(",") if scope.strip()]
    uow.session.add(
        ErasureRequest(
            identity_id=identity.id, scopes=revoked, reason=REVOKED, requested_at=uow.now
        )
    )
    conversation = queries.find_by_address(uow.session, identity.address)
    if conversation is None:
        return
    conversation = queries.get_for_change(uow.session, conversation.id)
    threads.append(
        uow,
        conversation,
        author=Author.DESK,
        visibility=Visibility.PRIVATE,
        text=uow.office.notice("authorization_revoked", scopes="、".join(revoked) or "全部"),
    )
    uow.announce(
        AuthorizationRevoked(at=uow.now, conversation_id=conversation.id, scopes=tuple(revoked))
    )
