"""Tell of cases by the platform's notices, where it takes no message any more."""

import logging
from dataclasses import dataclass

from bot.channels.base import DeliveryFailed, NoticeOffer, Remedy, SendsNotices
from bot.parts import Channels
from bot.worker.consequences import code_of
from core.bootstrap import Core
from core.conversations import queries, services
from core.conversations.states import HeldFor
from core.messaging import CaseNotice, ChannelAddress
from core.unit_of_work import UnitOfWork

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Offered:
    """A held message about to go out as a notice, and the ways for it."""

    message_id: int
    address: ChannelAddress
    notice: CaseNotice
    held_for: HeldFor | None
    offers: list[tuple[NoticeOffer, str]]  # with the scene of the consent


@dataclass(frozen=True)
class Noticing:
    core: Core
    channels: Channels

    def notify(self, conversation_id: int) -> None:
        """Send a notice for each held message that has that form, where there is a way."""
        with self.core.unit_of_work() as uow:
            offered = self._lease(uow, conversation_id)
        for each in offered:
            self._send(each)

    def _lease(self, uow: UnitOfWork, conversation_id: int) -> list[_Offered]:
        identity = queries.get_for_change(uow.session, conversation_id).identity
        address = identity.address
        channel = self._channel(address)
        if channel is None:
            return []
        found = []
        for delivery, notice in queries.owed_notices(uow.session, conversation_id):
            offers = [
                (offer, scene)
                for offer in channel.notice_offers(notice.kind)
                if (scene := _scene_of_consent(uow, identity.id, offer)) is not None
            ]
            if offers:
                held_for, message_id = delivery.held_for, delivery.message_id
                services.lease_notice(uow, delivery)
                found.append(_Offered(message_id, address, notice, held_for, offers))
        return found

    def _channel(self, address: ChannelAddress) -> SendsNotices | None:
        found: object = self.channels.get((address.channel, address.account))
        return found if isinstance(found, SendsNotices) else None

    def _send(self, offered: _Offered) -> None:
        channel = self._channel(offered.address)
        assert channel is not None  # noqa: S101 - leased only for such
        failure: DeliveryFailed | None = None
        for offer, scene in offered.offers:
            try:
                notice_id = channel.notify(offered.address, offered.notice, offer, scene=scene)
            except DeliveryFailed as refused:
                failure = refused
                self._note(offered, offer, refused)
                if refused.is_outcome_unknown:
                    break  # it may have arrived: no second notice of the same thing
                continue
            with self.core.unit_of_work() as uow:
                services.record_notice(
                    uow,
                    offered.message_id,
                    way=offer.way,
                    notice_id=notice_id,
                    template_id="" if offer.is_long_term else offer.template_id,
                )
            return
        with self.core.unit_of_work() as uow:
            services.hold_again(
                uow,
                offered.message_id,
                held_for=offered.held_for,
                code=code_of(failure) if failure else "",
                reason=failure.reason if failure else "",
            )

    def _note(self, offered: _Offered, offer: NoticeOffer, refused: DeliveryFailed) -> None:
        logger.info("notice not sent", extra={"way": offer.way, "reason": refused.reason})
        if refused.remedy is not Remedy.NO_CONSENT:
            return
        with self.core.unit_of_work() as uow:
            identity = queries.find_identity(uow.session, offered.address)
            if identity is not None:
                services.record_consent(uow, identity, offer.template_id, is_granted=False)


def _scene_of_consent(uow: UnitOfWork, identity_id: int, offer: NoticeOffer) -> str | None:
    """Return the scene in which the citizen agreed to such notices; None: they have not."""
    if not offer.needs_consent:
        return ""
    consent = queries.find_consent(uow.session, identity_id, offer.template_id)
    if consent is None or not consent.is_granted:
        return None
    return consent.scene if offer.is_long_term or consent.uses_left > 0 else None
